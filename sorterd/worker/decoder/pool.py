"""Several decoders behind one function, and one for files that these cannot decode."""

from __future__ import annotations

import queue
import threading

from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import Picture, PictureShape
from sorterd.features.preprocess import Preprocessed, PreprocessOptions
from sorterd.worker.decoder.decoder import Decoder, DecoderLost, LargePictures
from sorterd.worker.decoder.fork_server import ForkServer
from sorterd.worker.decoder.programs import DECORD, PREPROCESS


class DecoderPool:
    """`count` processes that preprocess one file at a time each. `seconds` is the time for one file."""

    def __init__(self, server: ForkServer, count: int, seconds: float, program: str = PREPROCESS) -> None:
        self._large = threading.Lock()
        self._decoders = [Decoder(server, program, seconds) for _ in range(count)]
        # The last one used is the next: files that come one by one need one process.
        self._free: queue.LifoQueue[Decoder] = queue.LifoQueue()
        for decoder in self._decoders:
            self._free.put(decoder)

    @property
    def count(self) -> int:
        """How many files can be read at the same time."""
        return len(self._decoders)

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that run."""
        return [decoder.pid for decoder in self._decoders if decoder.pid is not None]

    def start(self) -> None:
        """Start all processes, so that they are ready once the models are loaded."""
        for decoder in self._decoders:
            decoder.start()

    def end(self) -> None:
        """End all processes."""
        for decoder in self._decoders:
            decoder.end()

    def __call__(self, path: bytes, options: PreprocessOptions) -> Preprocessed:
        """Return what the models need of a file. May be called from several threads.

        Raise UnreadableVideo, also for a file that ended its decoder.
        """
        try:
            return self._read(path, options, large=False)
        except LargePictures:
            with self._large:
                return self._read(path, options, large=True)

    def _read(self, path: bytes, options: PreprocessOptions, *, large: bool) -> Preprocessed:
        decoder = self._free.get()
        try:
            return decoder.read(path, options, large=large)
        except DecoderLost as lost:
            raise UnreadableVideo(f"its decoder {lost}", transient=True) from lost
        finally:
            self._free.put(decoder)


class SecondDecoder:
    """decord, in a process for each file, because it may hang or abort. `seconds` is the time for one file."""

    def __init__(self, server: ForkServer, seconds: float, program: str = DECORD) -> None:
        self._server = server
        self._seconds = seconds
        self._program = program

    def __call__(self, path: bytes, count: int, shape: PictureShape) -> list[Picture]:
        """Return at most `count` pictures of the file at an absolute path, none if it refused, hung or died."""
        decoder = Decoder(self._server, self._program, self._seconds)
        try:
            return decoder.read(path, PreprocessOptions(count, shape, mels=0, stills=False), large=True).pictures
        except (DecoderLost, UnreadableVideo):
            return []
        finally:
            decoder.end()
