"""Setting up a library: which folders are likely, what one holds, and the config for it."""
