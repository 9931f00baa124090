"""Fit the coefficients of the confidence on many simulated libraries: see `__main__.py`."""
