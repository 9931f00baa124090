"""A video file becomes a vector: frames and speech through CLIP-like towers. Knows neither the library nor SQL."""
