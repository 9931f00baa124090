"""The loop that keeps disk, store and model in step."""
