"""The path through the two towers for all models: pictures and texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sorterd.features import device as devices
from sorterd.features.device_failure import on_device
from sorterd.features.picture import Picture, PictureShape
from sorterd.text import encodable

Vectors = NDArray[np.float32]
"""Unit rows, [n, width]."""

TEXT_BATCH = 32

WARMED = 64
"""Largest batch whose first use is made beforehand: the pictures of a dozen videos."""


@dataclass(frozen=True, slots=True)
class Towers:
    """An open_clip model and what belongs to it.

    `tokenize` turns texts into token ids [n, context]. `count` returns the number of tokens of one word. `context` is
    the number of tokens that one text may have, without the marks at both ends. `pad` is the padding id if trailing
    padding may be cut off (models with an attention mask), or None. `precision` is that of the image tower's weights.
    """

    model: nn.Module
    shape: PictureShape
    mean: tuple[float, ...]
    std: tuple[float, ...]
    tokenize: Callable[[list[str]], torch.Tensor]
    count: Callable[[str], int]
    context: int
    widths: tuple[int, int]
    pad: int | None = None
    precision: torch.dtype = torch.float32


class Encoder:
    """Two towers on a device, with batches that fit its memory. Raise DeviceFailed if a card refuses."""

    def __init__(
        self, towers: Towers, device: torch.device, batch: int | None = None, *, fixed_shapes: bool | None = None
    ) -> None:
        self.towers = towers
        self.device = device
        self._fixed_shapes = device.type == "cuda" if fixed_shapes is None else fixed_shapes
        """Whether batches are filled up to one of a few sizes, because each new one costs a card up to 2 s."""
        with on_device(device.type, "towers"):
            self._model = towers.model.eval().to(device)
            self._mean = torch.tensor(towers.mean, device=device).view(1, 3, 1, 1) * 255
            self._scale = 1 / (torch.tensor(towers.std, device=device).view(1, 3, 1, 1) * 255)
            self.sizes = {"images": devices.batch_size(device, batch), "texts": TEXT_BATCH}
        self._cold = self._first_uses() if self._fixed_shapes else []

    def warm_up(self, until: Callable[[], bool]) -> None:
        """Make the first use of each batch size that was not used yet, one after the other, until told to stop."""
        while self._cold and not until():
            self._cold.pop(0)()

    def _first_uses(self) -> list[Callable[[], object]]:
        size = self.towers.shape.size
        picture, most = np.zeros((size, size, 3), np.uint8), min(self.sizes["images"], WARMED)
        images = [partial(self.images, [picture] * count) for count in devices.fixed_sizes(most)]
        texts = [partial(self.texts, ["a"] * count) for count in devices.fixed_sizes(min(self.sizes["texts"], WARMED))]
        return [use for pair in zip_longest(images, texts) for use in pair if use is not None]

    def images(self, pictures: Sequence[Picture]) -> Vectors:
        """Return the unit vectors [n, width] of n pictures of the towers' shape."""
        if not pictures:
            return np.empty((0, self.towers.widths[0]), np.float32)

        def run(first: int, end: int) -> Vectors:
            pixels = self._filled_up(torch.from_numpy(np.stack(pictures[first:end])), "images")
            batch = self._to_device(pixels).permute(0, 3, 1, 2).float()
            batch = (batch - self._mean) * self._scale
            return self._unit(self._model.encode_image, batch.to(self.towers.precision))[: end - first]

        return self._in_batches(run, len(pictures), "images")

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors [n, width] of n texts. A text longer than the context is cut: see transcript.py."""
        if not texts:
            return np.empty((0, self.towers.widths[1]), np.float32)
        tokens = self.towers.tokenize([encodable(text) for text in texts])
        # Up to the last token that is not padding: the word "[PAD]" in a text is none at its end.
        lengths = ((tokens != (self.towers.pad or 0)) * torch.arange(1, tokens.shape[1] + 1)).amax(1)
        order = lengths.argsort()  # similar lengths together: padding is most of the cost of a short text

        def run(first: int, end: int) -> Vectors:
            batch = tokens[order[first:end]]
            if self.towers.pad is not None:
                batch = batch[:, : int(lengths[order[first:end]].max())]
            batch = self._filled_up(batch, "texts")
            return self._unit(self._model.encode_text, self._to_device(batch))[: end - first]

        rows = np.empty((len(texts), self.towers.widths[1]), np.float32)
        rows[order.numpy()] = self._in_batches(run, len(texts), "texts")
        return rows

    def _in_batches(self, run: Callable[[int, int], Vectors], total: int, kind: str) -> Vectors:
        with on_device(self.device.type, "towers"):
            rows, self.sizes[kind] = devices.in_batches(run, total, self.sizes[kind])
        return rows

    def _filled_up(self, batch: torch.Tensor, kind: str) -> torch.Tensor:
        """Return the batch with its last row repeated up to a fixed size."""
        missing = devices.fixed_size(len(batch), self.sizes[kind]) - len(batch) if self._fixed_shapes else 0
        return torch.cat([batch, batch[-1:].expand(missing, *batch.shape[1:])]) if missing > 0 else batch

    def _to_device(self, tensor: torch.Tensor) -> torch.Tensor:
        if self.device.type != "cuda":
            return tensor
        return tensor.pin_memory().to(self.device, non_blocking=True)

    def _unit(self, tower: object, batch: torch.Tensor) -> Vectors:
        assert callable(tower)
        with torch.inference_mode():
            rows: torch.Tensor = tower(batch)
        unit: Vectors = nn.functional.normalize(rows.float(), dim=-1).cpu().numpy()
        return unit
