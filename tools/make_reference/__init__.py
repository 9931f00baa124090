"""Write the reference pages of the documentation from the parser and the schema of the config."""
