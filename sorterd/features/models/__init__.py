"""Models for the features: from the hub, from local files, or packaged. Heavy: import only where models are used."""

from sorterd.features.models.errors import ModelsUnavailable
from sorterd.features.models.resolve import Found, Models, fetch, find, resolve

__all__ = ["Found", "Models", "ModelsUnavailable", "fetch", "find", "resolve"]
