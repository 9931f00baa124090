"""sorterd files saved short videos into the folders that their owner already has."""

__version__ = "0.1.0"
