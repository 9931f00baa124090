"""Draw and speak the clips of the sample library."""
