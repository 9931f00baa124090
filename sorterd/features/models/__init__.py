"""Models for the features: from the hub, from local files, or packaged. Heavy: import only where models are used."""

from __future__ import annotations

from sorterd.features.models.errors import ModelsUnavailable
from sorterd.features.models.resolve import Models, ResolvedModels, fetch, find, resolve

__all__ = ["Models", "ModelsUnavailable", "ResolvedModels", "fetch", "find", "resolve"]
