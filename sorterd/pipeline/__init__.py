"""What the worker is given, and what becomes of its answers."""
