import pytest
import torch

from sorterd.features.models import efficientnet, embedded
from sorterd.features.models.efficientnet import EfficientNetLite0


@pytest.fixture(scope="module")
def state() -> dict[str, torch.Tensor]:
    return embedded.image_weights()


def test_it_gives_the_vectors_of_the_network_in_timm(state: dict[str, torch.Tensor]) -> None:
    timm = pytest.importorskip("timm")
    theirs = timm.create_model("tf_efficientnet_lite0", num_classes=0).eval()
    same_order = [tensor for name, tensor in state.items() if not name.startswith("_fc.")]
    theirs.load_state_dict(dict(zip(theirs.state_dict(), same_order, strict=True)))
    ours = EfficientNetLite0(state)
    for size in ((224, 224), (97, 130)):
        pictures = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(0))
        with torch.inference_mode():
            assert torch.allclose(ours(pictures), theirs(pictures), atol=1e-4), size


def test_half_precision_gives_nearly_the_same_vectors(state: dict[str, torch.Tensor]) -> None:
    network = EfficientNetLite0(state)
    pictures = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        whole = network(pictures)
        half = network.to(torch.bfloat16)(pictures.to(torch.bfloat16)).float()
    assert half.shape == (2, efficientnet.WIDTH)
    assert float(torch.nn.functional.cosine_similarity(whole, half).min()) > 0.999


def test_a_missing_weight_is_an_error(state: dict[str, torch.Tensor]) -> None:
    with pytest.raises(KeyError):
        EfficientNetLite0({name: tensor for name, tensor in state.items() if name != "_blocks.7._bn1.bias"})
