"""Find videos again: by exact words, by meaning, by similarity."""
