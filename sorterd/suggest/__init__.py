"""Groups of alike videos in the inbox that have no folder yet."""
