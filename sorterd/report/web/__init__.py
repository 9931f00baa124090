"""The report as one HTML page: nothing is loaded from anywhere, and no name can be more than text."""
