"""Files on disk: recognise, scan, watch, fingerprint and move them. Knows no models."""
