"""The sample library and the demo that sorts it."""
