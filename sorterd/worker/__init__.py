"""The child process that does the heavy and dangerous work, and its supervisor in the daemon."""
