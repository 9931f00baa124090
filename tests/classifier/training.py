"""What tests of training share."""

from sorterd.classifier import Prediction

QUICK = ("prototypes",)


def folders_of(predictions: list[Prediction]) -> list[str]:
    return [prediction.folder for prediction in predictions]
