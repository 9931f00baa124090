"""The checks of `gpu_check.py`. Each imports its libraries itself, in the process that runs the check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from card_place import (
    CLIP,
    PROJECT,
    REFUSED,
    SAMPLES,
    Place,
    clips,
    first_video,
    frames,
    holding,
    linked,
    milliseconds,
    sentence,
    sorterd,
    spoken,
    status,
)

MEMORY = (1300, 500, 150)
"""MiB left on the card."""

Result = tuple[str, str, bool | None]
"""What was tried, the outcome, and whether that is right (None: for information only)."""


def machine(_place: Place) -> Iterator[Result]:
    import ctranslate2
    import torch

    from sorterd.features.packages import folder_of
    from sorterd.worker.sandbox import landlock, seccomp

    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "no card"
    yield "card", f"{name}, {os.cpu_count()} cores, Python {sys.version.split()[0]}", None
    yield "libraries", f"torch {torch.__version__}, CTranslate2 {ctranslate2.__version__}", None
    package = "a package" if folder_of("nvidia.cublas") else "no package"
    yield "cuBLAS 12", f"{package}, {'found' if linked('libcublas.so.12') else 'not found'} by the linker", None
    yield "confined by", f"Landlock {landlock.offered()}, seccomp {seccomp.offered()}", None


def blocker(place: Place) -> Iterator[Result]:
    """Check a plain installation, in which CTranslate2 finds no cuBLAS 12 at its first encode."""
    chosen = [*clips("money", 3), *clips("cats", 3), SAMPLES / "mortgage.mp4", SAMPLES / "cat-at-home.mp4"]
    seconds, done, output = sorterd(place.config("blocker", chosen), "run", "--once")
    found = status(place, "blocker")
    passed = done == 0 and not found["errors"] and found["queue"] == {"pending": 0, "failed": 0}
    yield "blocker: nothing is blamed, nothing waits", f"{seconds:.1f} s, exit {done}, {found['queue']}", passed
    times = output.count(REFUSED)
    expected = place.device == "cuda" and not linked("libcublas.so.12")
    yield "blocker: reported once", f"{times} times: {sentence(output)}", times == int(expected)


def start(place: Place) -> Iterator[Result]:
    """Time a worker from its start to its first video, with and without kernels compiled by an earlier one."""
    artifacts = place.folder / "start"
    artifacts.mkdir()
    first, where = first_video(artifacts, place.device)
    again, _where = first_video(artifacts, place.device)
    cpu, _where = first_video(artifacts, "cpu")
    kept = sum(path.stat().st_size for path in (artifacts / ".cuda").rglob("*") if path.is_file()) / 2**20
    yield "start: the first one", f"{first:.1f} s, {where}", None
    yield "start: the next, kernels kept", f"{again:.1f} s ({kept:.1f} MiB of kernels)", again < max(10.0, cpu + 6)
    yield "start: on the processor", f"{cpu:.1f} s", None


def texts(place: Place) -> Iterator[Result]:
    """Check that the same sound becomes the same text on every device."""
    from difflib import SequenceMatcher

    import torch

    from sorterd.features import speech
    from sorterd.features.device_failure import DeviceFailed
    from sorterd.features.models import whisper

    sounds = [sound for path in sorted(SAMPLES.rglob("*.mp4")) if (sound := spoken(path))]
    transcripts: dict[str, list[str]] = {}
    ways = [("processor", "cpu", speech.PRECISION), ("card", place.device, speech.PRECISION)]
    ways += [("card in float32", place.device, "float32")]
    ways += [("card in float16", place.device, "float16")] if place.device == "cuda" else []
    for name, device, precision in ways:
        speech.PRECISION = precision
        try:
            model = speech.Whisper(whisper.load(None), torch.device(device))
            began = time.perf_counter()
            transcripts[name] = [" ".join(part.text for part in parts) for parts in model.transcribe(sounds)]
        except DeviceFailed as failed:
            yield f"texts: heard on the {name}", str(failed), False if name == "card" else None
            continue
        yield f"texts: heard on the {name}", f"{time.perf_counter() - began:.2f} s for {len(sounds)} clips", None
        pairs = list(zip(transcripts["processor"], transcripts[name], strict=True))
        same = sum(one == other for one, other in pairs)
        alike = sum(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs) / len(pairs)
        figure = f"{same} of {len(pairs)} the same as on the processor, {alike:.1%} alike"
        yield f"texts: {name}", figure, alike > 0.97 if name == "card" else None


def memory(place: Place) -> Iterator[Result]:
    """Check that with little memory left on the card all videos are extracted and none is blamed."""
    for left in MEMORY:
        config = place.config(f"memory-{left}", clips("money", 4), clip=True)
        with holding(left, place.device) as free:
            seconds, done, output = sorterd(config, "extract", "--json")
        answer = json.loads(output[output.index("{") :]) if "{" in output else {}
        passed = done == 0 and answer.get("extracted") == 4 and not answer.get("errors")
        yield f"memory: {free} MiB left", f"{seconds:.1f} s, exit {done}, {sentence(output)}", passed


def extract(place: Place) -> Iterator[Result]:
    """Check that an `extract` of the 56 samples, its start included, is not slower on a card than on the processor."""
    chosen = sorted(SAMPLES.rglob("*.mp4"))
    cpu, *_ = sorterd(place.config("extract-cpu", chosen, device="cpu"), "extract", "--json")
    cold, *_ = sorterd(place.config("extract-cold", chosen), "extract", "--json")
    config = place.config("extract-warm", chosen)
    kernels = Path("state", "artifacts", ".cuda")
    if (place.folder / "extract-cold" / kernels).exists():
        shutil.copytree(place.folder / "extract-cold" / kernels, place.folder / "extract-warm" / kernels)
    warm, done, output = sorterd(config, "extract", "--json")
    yield "extract: on the processor", f"{cpu:.1f} s for {len(chosen)} clips", None
    yield "extract: on the card, for the first time", f"{cold:.1f} s", None
    yield "extract: on the card", f"{warm:.1f} s, exit {done}, {sentence(output)}", warm < 1.25 * cpu


def pictures(place: Place) -> Iterator[Result]:
    """Compare CLIP's towers on the card with float32 on the processor, and with half precision."""
    import numpy as np
    import torch

    from sorterd.features.encoder import Encoder
    from sorterd.features.models.folder import load_checkpoint

    shown = frames(place.pictures)
    words = [f"a video of {what}" for what in ("cats", "dogs", "a kitchen", "money", "the sea")]
    cpu = Encoder(load_checkpoint(CLIP, place.weights(), {}), torch.device("cpu"))
    seen, read = cpu.images(shown), cpu.texts(words)
    card = Encoder(load_checkpoint(CLIP, place.weights(), {}), torch.device(place.device))
    alike = float((seen * card.images(shown)).sum(1).min()), float((read * card.texts(words)).sum(1).min())
    yield "pictures: cosine to the processor", f"at least {alike[0]:.6f}, words {alike[1]:.6f}", min(alike) > 0.9999
    with torch.autocast(place.device, torch.float16 if place.device == "cuda" else torch.bfloat16):
        half = float((seen * card.images(shown)).sum(1).min())
        halved = milliseconds(lambda: card.images(shown)) / len(shown)
    one = milliseconds(lambda: card.images(shown)) / len(shown)
    sizes = np.random.default_rng(0).integers(5, 40, len(shown) // 10)
    changing = milliseconds(lambda: [card.images(shown[:size]) for size in sizes]) / sizes.sum()
    yield "pictures: float32", f"{one:.2f} ms each, in batches of changing size {changing:.2f}", None
    yield "pictures: half precision", f"{halved:.2f} ms each, cosine at least {half:.6f}", None


def packaged(place: Place) -> Iterator[Result]:
    """Check that the packaged towers are not faster on a card."""
    import numpy as np
    import torch

    from sorterd.features.encoder import Encoder
    from sorterd.features.extractor import Extractor
    from sorterd.features.models import embedded
    from sorterd.features.settings import FeatureSettings, Placement

    placed: list[Placement] = []
    Extractor.load(FeatureSettings(models="embedded", whisper="off", device=place.device), placed.append)
    yield "packaged towers: where they run", placed[0].towers, placed[0].towers == "cpu"
    shown = frames(place.pictures)
    sizes = np.random.default_rng(0).integers(5, 40, len(shown) // 10)
    for device in ("cpu", place.device):
        towers = Encoder(embedded.load(), torch.device(device))
        once = milliseconds(lambda: [towers.images(shown[:size]) for size in sizes]) / sizes.sum()  # noqa: B023
        again = milliseconds(lambda: [towers.images(shown[:size]) for size in sizes]) / sizes.sum()  # noqa: B023
        yield f"packaged towers: on {device}", f"{once:.2f} ms a picture, the same sizes again {again:.2f}", None


def doctor(place: Place) -> Iterator[Result]:
    seconds, done, output = sorterd(place.config("doctor", clips("money", 2)), "doctor", "--json")
    findings = json.loads(output[output.index("{") :])["findings"]
    for finding in findings:
        if finding["check"] in ("device", "worker", "card", "models"):
            remedy = f" -> {finding['remedy']}" if finding["remedy"] else ""
            yield f"doctor: {finding['check']}", f"{finding['level']}: {finding['says']}{remedy}", None
    yield "doctor", f"{seconds:.1f} s, exit {done}", not any(one["level"] == "problem" for one in findings)


def tests(_place: Place) -> Iterator[Result]:
    """Run the project's own tests that use a card."""
    command = [sys.executable, "-m", "pytest", "tests/features/test_card.py", "-v"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or ["nothing"])[-1]
    yield "tests that need a card", last, done.returncode == 0 and "passed" in last


CHECKS: dict[str, tuple[Callable[[Place], Iterator[Result]], bool]] = {
    "machine": (machine, False),
    "blocker": (blocker, False),
    "start": (start, True),
    "texts": (texts, True),
    "memory": (memory, True),
    "extract": (extract, True),
    "pictures": (pictures, False),
    "doctor": (doctor, False),
    "tests": (tests, True),
    "packaged": (packaged, False),
}
"""Each check, and whether it needs cuBLAS 12. The most important ones come first."""
