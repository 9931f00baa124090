import numpy as np
import pytest
import torch

from sorterd.features.encoder import Encoder, Towers
from sorterd.features.extractor import Extractor
from sorterd.features.picture import PictureShape


class Mean(torch.nn.Module):
    """Two towers that are easy to check: the mean colour of a picture, the sum of a text's tokens."""

    def encode_image(self, batch: torch.Tensor) -> torch.Tensor:
        self.rows = [*getattr(self, "rows", []), len(batch)]
        return batch.mean(dim=(2, 3))

    def encode_text(self, tokens: torch.Tensor) -> torch.Tensor:
        self.columns = tokens.shape[1]
        self.rows = [*getattr(self, "rows", []), len(tokens)]
        return torch.stack([tokens.sum(1).float(), torch.ones(len(tokens))], dim=1)


def letters(texts: list[str]) -> torch.Tensor:
    """Return one token per byte, padded with zeros to ten. Like all tokenizers, it fails at what is not Unicode."""
    return torch.tensor([[1] * len(text.encode()) + [0] * (10 - len(text.encode())) for text in texts])


def encoder(pad: int | None = None, batch: int | None = None, *, fixed_shapes: bool = False) -> Encoder:
    towers = Towers(Mean(), PictureShape(4), (0.5,) * 3, (0.25,) * 3, letters, len, 8, (3, 2), pad)
    return Encoder(towers, torch.device("cpu"), batch, fixed_shapes=fixed_shapes)


def test_pictures_are_normalised_as_the_tower_wants_and_come_out_at_unit_length() -> None:
    red = np.zeros((4, 4, 3), np.uint8)
    red[..., 0] = 255
    row = encoder().images([red])[0]
    assert row * 3**0.5 == pytest.approx([1, -1, -1], abs=1e-5)  # (1 - 0.5) / 0.25 = 2, (0 - 0.5) / 0.25 = -2
    assert row.dtype == np.float32


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_the_batch_size_changes_nothing(batch: int) -> None:
    pictures = list(np.random.default_rng(0).integers(0, 256, (7, 4, 4, 3), dtype=np.uint8))
    assert np.allclose(encoder(batch=batch).images(pictures), encoder(batch=7).images(pictures), atol=1e-6)


def test_nothing_in_nothing_out() -> None:
    assert encoder().images([]).shape == (0, 3)
    assert encoder().texts([]).shape == (0, 2)


def test_a_byte_that_is_not_utf8_in_the_name_of_a_folder_is_an_unknown_letter() -> None:
    assert np.array_equal(encoder().texts(["caf\udce9", "\udcff"]), encoder().texts(["caf?", "?"]))


def test_padding_is_cut_off_for_towers_that_ignore_it_only() -> None:
    trimming, plain = encoder(pad=0), encoder()
    assert np.array_equal(trimming.texts(["ab", "abcd"]), plain.texts(["ab", "abcd"]))
    assert trimming.towers.model.columns == 4
    assert plain.towers.model.columns == 10


def test_a_batch_that_does_not_fit_is_halved_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cramped = encoder(batch=8)
    tried: list[int] = []

    def encode(batch: torch.Tensor) -> torch.Tensor:
        tried.append(len(batch))
        if len(batch) > 3:
            raise torch.OutOfMemoryError
        return batch.mean(dim=(2, 3))

    monkeypatch.setattr(cramped.towers.model, "encode_image", encode)
    pictures = [np.full((4, 4, 3), 20 * n, np.uint8) for n in range(8)]
    assert np.array_equal(cramped.images(pictures), encoder(batch=8).images(pictures))
    assert tried == [8, 4, 2, 2, 2, 2]
    cramped.images(pictures)
    assert tried[6:] == [2] * 4


@pytest.mark.parametrize("text", ["cake", "[PAD] cake", "[PAD] [PAD] a cake"])
def test_cutting_padding_off_leaves_the_packaged_text_tower_alone(extractor: Extractor, text: str) -> None:
    together = extractor.embed_texts([text, "how to bake a chocolate cake with eggs, butter and a lot of sugar"])
    alone = extractor.embed_texts([text])
    assert np.allclose(together[0], alone[0], atol=1e-5)


def test_batches_on_a_card_have_few_sizes_and_the_same_rows() -> None:
    pictures = list(np.random.default_rng(0).integers(0, 256, (23, 4, 4, 3), dtype=np.uint8))
    texts = ["a" * (n + 1) for n in range(5)]
    usual, fixed = encoder(batch=20), encoder(batch=20, fixed_shapes=True)
    for count in (1, 3, 20, 23):
        assert np.array_equal(fixed.images(pictures[:count]), usual.images(pictures[:count]))
    assert np.array_equal(fixed.texts(texts), usual.texts(texts))
    assert fixed.towers.model.rows == [1, 4, 20, 20, 4, 8]


def test_the_first_uses_are_made_while_there_is_nothing_else_to_do() -> None:
    fixed, usual = encoder(batch=20, fixed_shapes=True), encoder(batch=20)
    left = iter([False] * 3 + [True])
    fixed.warm_up(until=lambda: next(left))
    assert fixed.towers.model.rows == [1, 1, 2]  # pictures, texts, pictures
    fixed.warm_up(until=lambda: False)
    assert fixed.towers.model.rows == [1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 20, 32]
    fixed.warm_up(until=lambda: False)
    usual.warm_up(until=lambda: False)
    assert (len(fixed.towers.model.rows), hasattr(usual.towers.model, "rows")) == (12, False)
