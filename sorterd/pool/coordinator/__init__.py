"""The process at home to which other machines connect. Dask runs here and nowhere else at home."""
