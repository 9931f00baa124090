"""The folder in which the checks of `gpu_check.py` run, and their common steps."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "sorterd" / "samples"
CLIP = "ViT-B-32-quickgelu"
REFUSED = "on the processor until the next start"


@dataclass(frozen=True)
class Place:
    """The folder of this run, shared by its checks, and the device to check."""

    folder: Path
    device: str

    @property
    def pictures(self) -> int:
        """How many pictures to encode. A rehearsal on the processor takes few."""
        return 200 if self.device == "cuda" else 20

    def weights(self) -> Path:
        """Return a file with random weights of CLIP, made by the first check that needs it."""
        file = self.folder / "random.safetensors"
        if not file.exists():
            import open_clip
            from safetensors.torch import save_file

            save_file(open_clip.create_model(CLIP).state_dict(), file)
        return file

    def config(self, name: str, clips: list[Path], *, device: str = "", clip: bool = False) -> Path:
        """Make a library of these clips and a config with its own state folder. Return the config's path."""
        home = self.folder / name
        for path in clips:
            target = home / "videos" / path.relative_to(SAMPLES)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        features: dict[str, Any] = {"models": "embedded", "device": device or self.device}
        if clip:
            features |= {"models": "clip", "clip": {"model": CLIP, "weights": str(self.weights())}}
        config = {"videos": str(home / "videos"), "state_dir": str(home / "state"), "features": features}
        (home / "config.yaml").write_text(json.dumps(config))
        return home / "config.yaml"


def linked(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def clips(folder: str, count: int) -> list[Path]:
    return sorted((SAMPLES / folder).glob("*.mp4"))[:count]


def sorterd(config: Path, *command: str) -> tuple[float, int, str]:
    """Run a command. Return the seconds, the exit code and all output."""
    began = time.monotonic()
    whole = [sys.executable, "-m", "sorterd", "--config", str(config), *command]
    done = subprocess.run(whole, cwd=PROJECT, capture_output=True, text=True, check=False)
    print(done.stderr, file=sys.stderr)
    return time.monotonic() - began, done.returncode, done.stderr + done.stdout


def status(place: Place, name: str) -> dict[str, Any]:
    output = sorterd(place.folder / name / "config.yaml", "status", "--json")[2]
    return dict(json.loads(output[output.index("{") :]))


def sentence(output: str) -> str:
    """Return what the output says of the card, without line breaks."""
    flat = " ".join(output.split())
    at = flat.find(REFUSED)
    return flat[max(0, at - 30) : at + 170] if at >= 0 else "nothing said of the card"


def first_video(artifacts: Path, device: str) -> tuple[float, str]:
    """Return the seconds from a worker's start to its first video with speech, and where its models run."""
    import queue

    from sorterd.features.settings import FeatureSettings
    from sorterd.worker.host.lost import WorkerLost
    from sorterd.worker.host.supervisor import Worker
    from sorterd.worker.job_messages import Extract, Item
    from sorterd.worker.messages import Setup
    from sorterd.worker.report_messages import DeviceRefused, Extracted, JobFailed, Placed, Report

    reports: queue.SimpleQueue[Report | WorkerLost] = queue.SimpleQueue()
    worker = Worker(
        lambda: Setup(FeatureSettings(models="embedded", device=device), os.fsencode(artifacts)),
        report=reports.put, item_timeout=120.0, start_timeout=120.0, idle_unload=60.0,
    )  # fmt: skip
    began, where = time.monotonic(), "all on the processor"
    worker.submit(Extract(1, (Item("a", os.fsencode(clips("money", 1)[0])),)))
    try:
        while True:
            report = reports.get()
            if isinstance(report, Placed):
                where = f"towers on {report.towers}, speech on {report.speech}"
            if isinstance(report, Extracted):
                return time.monotonic() - began, where
            if isinstance(report, WorkerLost | DeviceRefused | JobFailed):
                raise RuntimeError(f"no video was extracted: {report}")
    finally:
        worker.stop()


def spoken(path: Path) -> Any:
    from sorterd.features.picture import PictureShape
    from sorterd.features.preprocess import PreprocessOptions, preprocess

    options = PreprocessOptions(0, PictureShape(224), mels=80, stills=False)
    return preprocess(os.fsencode(path), options).spectrograms


def frames(count: int) -> list[Any]:
    """Return so many pictures of the samples."""
    from sorterd.features.clip import read_clip
    from sorterd.features.picture import PictureShape

    found: list[Any] = []
    for path in sorted(SAMPLES.rglob("*.mp4")):
        found += read_clip(os.fsencode(path), 5, PictureShape(224), sound=False).pictures
        if len(found) >= count:
            break
    return found[:count]


def milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()  # ends with numbers on the CPU: nothing is under way any more
    return 1000 * (time.perf_counter() - began)


HOLD = """
import sys, torch
left, held = int(sys.argv[1]) << 20, []
for piece in (8 << 30, 1 << 30, 64 << 20, 8 << 20, 2 << 20):
    try:
        while torch.cuda.mem_get_info()[0] > left + piece:
            held.append(torch.empty(piece, dtype=torch.uint8, device="cuda"))
    except torch.OutOfMemoryError:
        pass  # in pieces this large there is no more
print(torch.cuda.mem_get_info()[0] >> 20, flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(left: int, device: str) -> Iterator[int]:
    """Let another process hold all of the card's memory except `left` MiB. Yield how much is really left."""
    if device != "cuda":
        yield left
        return
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLD, str(left)], **pipes) as holder:
        try:
            assert holder.stdout is not None
            yield int(holder.stdout.readline())
        finally:
            holder.kill()
