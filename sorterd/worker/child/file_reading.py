"""How this worker reads files: in processes of their own where the machine has room for them, else in its threads."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sorterd.features.preprocess import Preprocess, preprocess, with_second_decoder
from sorterd.worker.decoder import shared
from sorterd.worker.decoder.fork_server import ForkServer
from sorterd.worker.decoder.pool import DecoderPool, SecondDecoder
from sorterd.worker.decoder.room import decoders_here

if TYPE_CHECKING:
    from sorterd.features.extractor import Extractor


@dataclass(frozen=True, slots=True)
class FileReading:
    """`pool` reads files in other processes, None if this one does. `second` is asked where the first decoder fails.

    Both have less time for a file than the daemon gives to a worker without a sign of life.
    """

    pool: DecoderPool | None = None
    second: SecondDecoder | None = None

    @classmethod
    def here(cls, server: ForkServer | None, item_seconds: float) -> FileReading:
        """Return what this machine offers and has room for."""
        if server is None or not shared.offered():
            return cls()
        count = decoders_here()
        return cls(
            DecoderPool(server, count, item_seconds * 3 / 4) if count else None,
            SecondDecoder(server, item_seconds / 8) if find_spec("decord") else None,
        )

    def start(self) -> None:
        """Start the processes. They get ready while the models are loaded."""
        if self.pool is not None:
            self.pool.start()

    def apply_to(self, extractor: Extractor) -> None:
        """Have the extractor read files like this."""
        if self.pool is not None:
            extractor.preprocess, extractor.decoders = self.pool, self.pool.count
        if self.second is not None:
            extractor.preprocess = with_second_decoder(extractor.preprocess, self.second)

    def alone(self) -> Preprocess:
        """Return how files are read one by one, without an extractor."""
        first = self.pool or preprocess
        return first if self.second is None else with_second_decoder(first, self.second)
