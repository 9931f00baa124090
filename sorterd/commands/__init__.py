"""One file per command or family of commands; each function takes the parsed options and returns the exit code."""
