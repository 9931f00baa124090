"""The long proof that nothing is lost, run by `make torture`. See docs/reliability.md."""
