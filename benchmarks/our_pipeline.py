"""sorterd's extractor as a pipeline to be measured, with the time of each stage on the models' thread."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sorterd.features.settings import FeatureSettings
from sorterd.worker.decoder.fork_server import ForkServer
from sorterd.worker.decoder.programs import PROGRAMS

TICKS = os.sysconf("SC_CLK_TCK")


class OurPipeline:
    """sorterd with `decoders` processes that decode, 0 for threads. "decode" is the time that the models wait for them.

    Create it before there are threads.
    """

    def __init__(self, settings: FeatureSettings, decoders: int) -> None:
        server = ForkServer(PROGRAMS) if decoders else None
        from sorterd.features import extractor as module
        from sorterd.features.extractor import Extractor
        from sorterd.worker.decoder.pool import DecoderPool

        self.seconds: dict[str, float] = dict.fromkeys(("decode", "image", "encode", "generate", "text"), 0.0)
        self._pool = DecoderPool(server, decoders, 600.0) if server else None
        if self._pool is not None:
            self._pool.start()
        self._extractor = Extractor.load(settings)
        if self._pool is not None:
            self._extractor.preprocess, self._extractor.decoders = self._pool, self._pool.count
        stages: list[tuple[Any, str, str]] = [
            (module, "_ready", "decode"),
            (self._extractor._encoder, "images", "image"),
            (self._extractor._encoder, "texts", "text"),
        ]
        whisper = self._extractor._whisper
        if whisper is not None:
            stages += [(whisper, "_encode", "encode"), (whisper, "_languages", "generate")]
            stages += [(whisper, "_decode", "generate")]
        for owner, name, stage in stages:
            setattr(owner, name, self._timed(getattr(owner, name), stage))

    def extract(self, videos: Sequence[Path]) -> dict[str, tuple[NDArray[np.float32], str]]:
        """Return the vector and the transcript of each video that can be read."""
        from sorterd.features.extractor import Extraction

        asked = [(str(path), os.fsencode(path)) for path in videos]
        results = self._extractor.extract(asked, lambda _key: None)
        return {one.key: (one.vector, one.transcript) for one in results if isinstance(one, Extraction)}

    def elsewhere(self) -> tuple[float, float]:
        """Return seconds of processor time and MiB of memory of the decoders, shared memory counted once."""
        pids = self._pool.pids if self._pool else []
        ticks = 0
        memory = 0
        for pid in pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # utime, stime
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            memory += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return ticks / TICKS, memory / 1024

    def _timed(self, step: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed(*inputs: Any, **named: Any) -> Any:
            started = time.perf_counter()
            result = step(*inputs, **named)
            self.seconds[stage] += time.perf_counter() - started
            return result

        return timed
