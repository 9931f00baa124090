"""What a video says about itself, read from the files beside it."""
