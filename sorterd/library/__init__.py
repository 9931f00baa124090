"""Files: what is a video, a category, junk; scanning, watching, fingerprinting, moving. Knows no models."""
