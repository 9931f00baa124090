"""The long proof: what `make torture` runs. See docs/reliability.md."""
