"""What the child gives up before it opens a video."""
