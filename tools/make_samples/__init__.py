"""Draws and speaks the clips of the sample library."""
