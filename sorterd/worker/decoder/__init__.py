"""Confined processes that decode files for the worker, so that a file that breaks its decoder costs only itself."""
