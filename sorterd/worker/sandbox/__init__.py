"""Rights and resources that the child gives up before it opens a video."""
