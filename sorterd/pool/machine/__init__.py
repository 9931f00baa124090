"""The other machine: it gets videos from home and answers with their features."""
