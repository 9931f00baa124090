"""The report as one HTML page. It loads nothing, and names of files cannot inject HTML."""
