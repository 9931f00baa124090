"""Tools for development only."""
