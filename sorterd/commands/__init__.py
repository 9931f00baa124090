"""The commands, one file per family. Each function takes the parsed options and returns the exit code."""
