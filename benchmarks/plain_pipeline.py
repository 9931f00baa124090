"""The plain pipeline, against which sorterd's is measured.

OpenCV seeks to each frame (PyAV where cv2 is not installed), CLIP sees one frame at a time, faster-whisper transcribes
every sound track with its defaults, and the text tower reads what fits into it.
"""

from __future__ import annotations

import importlib.util
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import av
import faster_whisper
import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image

from sorterd.features.fusion import unit_mean
from sorterd.features.models import Models

cv2: Any = importlib.import_module("cv2") if importlib.util.find_spec("cv2") else None


class PlainPipeline:
    """Extracts one video after the other, step by step. `seconds` is the total time of each stage."""

    def __init__(self, models: Models, frames: int, device: str = "cpu") -> None:
        self._frames = frames
        self._device = device
        self._towers = models.towers
        network: Any = models.towers.model.eval().to(device)
        self._model = network
        shape = self._towers.shape
        config = open_clip.transform.PreprocessCfg(
            size=shape.size, mean=self._towers.mean, std=self._towers.std, resize_mode=shape.fit
        )
        self._prepare = open_clip.transform.image_transform_v2(config, is_train=False)
        assert models.whisper is not None
        with models.whisper.folder() as folder:
            self._whisper = faster_whisper.WhisperModel(folder, device=device)
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def extract(self, path: Path) -> tuple[NDArray[np.float32], str]:
        """Return the vector and the transcript of a video."""
        images = self._timed("decode", self._decode, path)
        seen = self._timed("image", self._see, images)
        text = self._timed("speech", self._hear, path)
        words = self._timed("text", self._read, text)
        parts = [unit_mean(rows, width) for rows, width in zip((seen, words), self._towers.widths, strict=True)]
        return np.concatenate(parts), text

    def _timed(self, stage: str, step: Any, *inputs: Any) -> Any:
        started = time.perf_counter()
        result = step(*inputs)
        self.seconds[stage] += time.perf_counter() - started
        return result

    def _decode(self, path: Path) -> list[Image.Image]:
        return [Image.fromarray(frame) for frame in (self._by_opencv(path) if cv2 else self._by_pyav(path))]

    def _by_opencv(self, path: Path) -> list[NDArray[np.uint8]]:
        video = cv2.VideoCapture(str(path))
        total = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
        frames = []
        for i in range(self._frames):
            video.set(cv2.CAP_PROP_POS_FRAMES, int((i + 0.5) * total / self._frames))
            found, frame = video.read()
            if found:
                frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
        video.release()
        return frames

    def _by_pyav(self, path: Path) -> list[NDArray[np.uint8]]:
        frames: list[NDArray[np.uint8]] = []
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            assert stream.duration
            for i in range(self._frames):
                target = int((i + 0.5) * stream.duration / self._frames)
                container.seek(target, stream=stream)
                frame = next(frame for frame in container.decode(stream) if (frame.pts or 0) >= target)
                frames.append(frame.to_ndarray(format="rgb24").astype(np.uint8))
        return frames

    def _see(self, images: list[Image.Image]) -> NDArray[np.float32]:
        with torch.inference_mode():
            batches = [self._prepare(image)[None].to(self._device) for image in images]
            rows = [self._unit(self._model.encode_image(batch)) for batch in batches]
        return np.concatenate(rows)

    def _hear(self, path: Path) -> str:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return ""
        segments, _info = self._whisper.transcribe(str(path))
        return " ".join(segment.text.strip() for segment in segments)

    def _read(self, text: str) -> NDArray[np.float32]:
        if not text:
            return np.empty((0, self._towers.widths[1]), np.float32)
        with torch.inference_mode():
            return self._unit(self._model.encode_text(self._towers.tokenize([text]).to(self._device)))

    def _unit(self, rows: torch.Tensor) -> NDArray[np.float32]:
        unit: NDArray[np.float32] = torch.nn.functional.normalize(rows, dim=-1).cpu().numpy()
        return unit
