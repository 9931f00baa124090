import pytest
from support.other_process import printed

from sorterd.features.models import lean
from sorterd.features.settings import FeatureSettings

SCRIPT = """
import sys
import torch
from sorterd.features.models import lean
from sorterd.features.settings import FeatureSettings
with lean.only_clip(FeatureSettings(models="clip", clip_model="xlm-roberta-base-ViT-B-32")) as imported_leanly:
    import open_clip
assert imported_leanly
from sorterd.features.models.folder import _network
with lean.unfilled():
    assert sum(part.numel() for part in _network("xlm-roberta-base-ViT-B-32", {}).parameters()) == 366_121_473
assert not {"timm", "transformers", "torch._dynamo"} & set(sys.modules), set(sys.modules)
import torch._dynamo.utils  # the real one, for those who need it later
assert torch._dynamo.utils.is_compile_supported.__module__ == "torch._dynamo.utils"
assert open_clip.tokenize(["a"]).shape == (1, 77)
"""


def test_plain_clip_is_imported_and_built_without_what_other_models_need() -> None:
    printed(SCRIPT)


@pytest.mark.parametrize(
    ("model", "plain"),
    [
        ("ViT-B-32-quickgelu", True),
        ("RN50", True),
        ("ViT-B-16-SigLIP", False),  # timm's tower
        ("roberta-ViT-B-32", True),  # with our text tower
        ("nllb-clip-base", False),  # transformers' tower
        ("no such model", False),
    ],
)
def test_only_models_that_open_clip_and_we_build_are_plain(model: str, plain: bool) -> None:
    assert lean.is_plain(FeatureSettings(clip_model=model)) is plain
    assert lean.is_plain(FeatureSettings(models="clip", clip_model=model)) is plain


EMBEDDED = """
import sys
from sorterd.features.extractor import Extractor
from sorterd.features.settings import FeatureSettings
Extractor.load(FeatureSettings(models="embedded", device="cpu"))
assert not {"timm", "transformers", "open_clip", "torchvision", "torch._dynamo"} & set(sys.modules), set(sys.modules)
"""


def test_the_packaged_models_need_no_library_that_builds_models() -> None:
    printed(EMBEDDED)
