"""Defaults that the config and the classifier share. They stand here because the worker does not import the config."""

from __future__ import annotations

THRESHOLD = 0.85  # the confidence from which a video is moved
HEADS = ("prototypes", "logreg", "knn", "mlp")  # they count together; the first one alone at first
