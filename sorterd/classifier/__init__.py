"""Vectors in, folder and confidence out. Knows neither files nor SQL.

Importing it loads NumPy and parts of SciPy, training also torch and scikit-learn.
"""

from __future__ import annotations

from sorterd.classifier.arrays import TrainingDataError
from sorterd.classifier.classifier import Classifier
from sorterd.classifier.comparison import Comparison, not_worse
from sorterd.classifier.duplicates import near_duplicates
from sorterd.classifier.explanation import Explanation, Neighbour, Trait
from sorterd.classifier.held_out import CandidateResult
from sorterd.classifier.model_file import ModelFileError, load_classifier, load_config, save_classifier
from sorterd.classifier.readiness import what_is_missing, what_to_expect
from sorterd.classifier.strangers import share_of_strangers
from sorterd.classifier.training import train_classifier
from sorterd.prediction import HeldOutPrediction, Prediction

__all__ = [
    "CandidateResult",
    "Classifier",
    "Comparison",
    "Explanation",
    "HeldOutPrediction",
    "ModelFileError",
    "Neighbour",
    "Prediction",
    "TrainingDataError",
    "Trait",
    "load_classifier",
    "load_config",
    "near_duplicates",
    "not_worse",
    "save_classifier",
    "share_of_strangers",
    "train_classifier",
    "what_is_missing",
    "what_to_expect",
]
