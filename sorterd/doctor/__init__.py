"""Check everything that a person would check when something does not work. Nothing is changed."""
