"""The daemon's side of the worker."""
