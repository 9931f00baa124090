from pathlib import Path

import pytest
import torch

from sorterd.features.models import bridge
from sorterd.features.models.errors import ModelsUnavailable
from tools.make_bridge import computed, ridge_map


def test_the_map_takes_class_names_to_the_rows_of_their_classes() -> None:
    generator = torch.Generator().manual_seed(0)
    texts = torch.nn.functional.normalize(torch.randn(200, 16, generator=generator), dim=1)
    truth = torch.randn(40, 16, generator=generator)
    rows = texts @ truth.T + 7  # what all rows share does not matter
    mapped = texts @ ridge_map(texts, rows, strength=1e-6).T
    similarity = torch.nn.functional.cosine_similarity(mapped, rows - rows.mean(0))
    assert float(similarity.min()) > 0.95


def test_the_stored_map_is_the_one_that_would_be_computed_now() -> None:
    made = computed()
    assert torch.allclose(bridge.read(), made, atol=1e-4)
    assert float(torch.nn.functional.cosine_similarity(bridge.read(), made).min()) > 0.99999


def test_a_damaged_map_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bridge").write_bytes(bridge.FILE.read_bytes()[:-1] + b"x")
    monkeypatch.setattr(bridge, "FILE", tmp_path / "bridge")
    with pytest.raises(ModelsUnavailable, match="SHA-256"):
        bridge.read()
