"""Turn a video file into a vector: frames and speech through CLIP-like towers. Knows neither the library nor SQL."""
