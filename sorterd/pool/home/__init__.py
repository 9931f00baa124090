"""The daemon's side of the pool. Light: nothing of Dask and nothing that makes certificates is imported here."""
