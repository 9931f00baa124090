r"""Write the files in `<state>/artifacts/` for the users' own scripts: embeddings, predictions, transcripts.

Each is written whole or not at all. The daemon writes the JSON files, the worker the `.pt` files (only those functions
import torch). Paths are relative to the root. Bytes of a file name that are not valid UTF-8 are escaped in the same way
in every file (`caf\xe9.mp4`), so that the JSON is valid and can be joined with the embeddings.

The classifier writes `model.pt` and `model_config.json`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sorterd.artifact_names import LABELED, PREDICTIONS, TRANSCRIPTS, UNLABELED
from sorterd.text import printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NOT_TEXT = re.compile("[\ud800-\udfff]")  # os.fsdecode turns bytes that are not UTF-8 into these


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """One entry of `transcripts.json`."""

    video: str
    text: str
    language: str
    has_speech: bool


def write_predictions(folder: Path, predictions: Iterable[dict[str, Any]]) -> None:
    """Write `predictions.json` from entries made by `prediction.as_json`, in the order given.

    Raise OSError. The old file stays then.
    """
    write_json(folder / PREDICTIONS, [_valid(entry) for entry in predictions])


def write_transcripts(folder: Path, transcripts: Iterable[TranscriptEntry]) -> None:
    """Write `transcripts.json`. Raise OSError. The old file stays then."""
    document = {
        entry.video: {"text": entry.text, "language": entry.language, "has_speech": entry.has_speech}
        for entry in transcripts
    }
    write_json(folder / TRANSCRIPTS, _valid(document))


def write_labeled_embeddings(
    folder: Path, features: NDArray[np.float32], labels: Sequence[str], paths: Sequence[str]
) -> None:
    """Write `labeled_embeddings.pt`: `features` [n, D], the category and the path of each row. Raises OSError."""
    import torch

    names = sorted(set(labels))
    number = {name: index for index, name in enumerate(names)}
    content = {
        "features": torch.from_numpy(features),
        "labels": torch.tensor([number[label] for label in labels], dtype=torch.int64),
        "label_names": [_text(name) for name in names],
        "video_paths": [_text(path) for path in paths],
    }
    write_whole(folder / LABELED, lambda file: _save(content, file))


def write_unlabeled_embeddings(folder: Path, features: NDArray[np.float32], paths: Sequence[str]) -> None:
    """Write `unlabeled_embeddings.pt`: `features` [m, D] and the path of each row. Raises OSError."""
    import torch

    content = {"features": torch.from_numpy(features), "video_paths": [_text(path) for path in paths]}
    write_whole(folder / UNLABELED, lambda file: _save(content, file))


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Replace `path` with what `write` writes, whole or not at all, also across a power cut. Raises OSError.

    One writer at a time per file: what a killed writer left behind is removed by the next.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        unfinished.unlink(missing_ok=True)  # left by a killed writer, or a link to somewhere else
        with unfinished.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)  # leave no part behind on a full disk
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _save(content: dict[str, Any], file: BinaryIO) -> None:
    import torch

    buffer = BytesIO()  # torch.save to the file itself would turn the error of a full disk into a RuntimeError
    torch.save(content, buffer)
    file.write(buffer.getbuffer())


def write_json(path: Path, document: Any) -> None:
    """Replace `path` with `document` as JSON, whole or not at all. Raises OSError."""

    def write(file: BinaryIO) -> None:
        text = TextIOWrapper(file, "utf-8", write_through=True)
        json.dump(document, text, ensure_ascii=False, indent=1, allow_nan=False)
        text.write("\n")
        text.detach()

    write_whole(path, write)


def _valid(value: Any) -> Any:
    """Return the document with every text in it made valid UTF-8."""
    match value:
        case str():
            return _text(value)
        case list():
            return [_valid(part) for part in value]
        case dict():
            return {_valid(key): _valid(part) for key, part in value.items()}
        case _:
            return value


def _text(text: str) -> str:
    return _NOT_TEXT.sub(lambda found: printable(found[0]), text)
