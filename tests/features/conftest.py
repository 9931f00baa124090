"""The packaged models, loaded once for all tests in this folder."""

import pytest

from sorterd.features.extractor import Extractor
from sorterd.features.settings import FeatureSettings


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor.load(FeatureSettings(models="embedded", device="cpu"))
