"""What a search means, by the packaged text tower."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sorterd.features.settings import FeatureSettings, FeatureSpace, extracted_modalities
from sorterd.find.meaning import NotTheSameModels, meaning_by_models

SETTINGS = FeatureSettings(models="embedded", whisper="off")


def meaning(search: str, space: FeatureSpace) -> NDArray[np.float32]:
    return meaning_by_models(search, [space.id], SETTINGS, space)[space.id]


def test_it_is_close_to_what_means_the_same_and_only_the_librarys_own_models_may_say_so() -> None:
    with pytest.raises(NotTheSameModels, match="the models at hand make features of") as refused:
        meaning("breakfast", FeatureSpace("embedded-other", extracted_modalities(1280, 1280), "embedded", "cpu"))
    own = str(refused.value).split("features of ")[1].split(",")[0]
    space = FeatureSpace(own, extracted_modalities(1280, 1280), "embedded", "cpu")
    query, near, far = (
        meaning(text, space) for text in ("how to fry pancakes", "a breakfast recipe", "stars and planets")
    )
    assert np.linalg.norm(query) == pytest.approx(1.0, abs=1e-4)
    assert query @ near > query @ far
