"""The cheap worker, for videos that a browser plays: what is in one is the word in the last box of the file."""

import os
from pathlib import Path

from support import cheap_worker

from sorterd.worker.child import main as child


def label(path: Path, word: str) -> None:
    """Put the word into an MP4, where players skip it."""
    content = word.encode().ljust(32)
    with path.open("ab") as file:
        file.write((8 + len(content)).to_bytes(4, "big") + b"free" + content)


def _word(path: bytes) -> tuple[bytes, int]:
    return Path(os.fsdecode(path)).read_bytes()[-32:].strip(), 1


def main() -> None:
    cheap_worker.first_line = _word
    child.main(cheap_worker.Words)
