"""The review page: a local web page on which a person files what waits, confirms and takes back. It reads the store,
and changes something only by asking the running service."""
