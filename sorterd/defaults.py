"""What the config and the classifier must agree on, apart from both: the worker does without the config's library."""

from __future__ import annotations

THRESHOLD = 0.85  # the confidence from which a video is moved
HEADS = ("prototypes", "logreg", "knn", "mlp")  # the first is taken unless another is clearly better
