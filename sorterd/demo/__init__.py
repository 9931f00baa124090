"""The sample library, and the story that is told with it."""
