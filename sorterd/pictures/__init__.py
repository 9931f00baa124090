"""The pictures of each video for people: a poster (its middle frame) and a strip of a few frames."""
