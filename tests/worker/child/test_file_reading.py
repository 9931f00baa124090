"""How a worker reads files."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from support.films import film

from sorterd.features.picture import Picture, PictureShape
from sorterd.features.preprocess import PreprocessOptions, preprocess
from sorterd.worker.child.file_reading import FileReading


def test_what_the_first_decoder_cannot_read_the_second_one_does_for_vectors_and_for_pictures(tmp_path: Path) -> None:
    def second(_path: bytes, count: int, shape: PictureShape) -> list[Picture]:
        return [np.zeros((shape.size, shape.size, 3), np.uint8)] * count

    path = film(tmp_path / "a.mkv")
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/XXX"))
    reading: Any = FileReading(None, second)  # type: ignore[arg-type]
    extractor = SimpleNamespace(preprocess=preprocess)
    reading.apply_to(extractor)
    for read in (extractor.preprocess, reading.alone()):
        assert len(read(os.fsencode(path), PreprocessOptions(5, PictureShape(32), 0, False)).pictures) == 5
