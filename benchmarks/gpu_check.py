"""What sorterd promises on an NVIDIA card, tried where there is one: a line for each, under six minutes.

    python benchmarks/gpu_check.py                     all checks, 1 at the end if one failed
    python benchmarks/gpu_check.py --only texts,start  some of them
    python benchmarks/gpu_check.py --rehearse          the same steps on the processor, where there is no card

Each check is a process of its own: it may crash, hang, or fill the card without harm to the others. `ok` and `FAILED`
are judged, `-` is told only. Where CUDA's matrix library is missing in version 12, the checks of speech on the card
borrow version 13 under its name; `blocker` is what happens without.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "sorterd" / "demo" / "samples"
ENOUGH = 330.0
"""Seconds after which no further check is begun."""

CLIP = "ViT-B-32-quickgelu"
REFUSED = "on the processor until the next start"
MEMORY = (1300, 700, 400, 150)
"""MiB left on the card."""


@dataclass(frozen=True)
class Place:
    """A folder for this run, shared by its checks, and the device that is tried."""

    folder: Path
    device: str

    @property
    def pictures(self) -> int:
        """How many to look at; a rehearsal need not take long."""
        return 200 if self.device == "cuda" else 20

    def weights(self) -> Path:
        """Random weights of CLIP, made by the first check that wants them."""
        file = self.folder / "random.safetensors"
        if not file.exists():
            import open_clip
            from safetensors.torch import save_file

            save_file(open_clip.create_model(CLIP).state_dict(), file)
        return file

    def config(self, name: str, clips: list[Path], *, device: str = "", clip: bool = False) -> Path:
        """A library of these clips and a config for it, with a state folder of its own."""
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


Said = tuple[str, str, bool | None]
"""What was tried, what came of it, and whether that is right; None where it is only told."""


def machine(_place: Place) -> Iterator[Said]:
    import ctranslate2
    import torch

    from sorterd.features.packages import folder_of
    from sorterd.worker import landlock, seccomp

    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "no card"
    yield "card", f"{name}, {os.cpu_count()} cores, Python {sys.version.split()[0]}", None
    yield "libraries", f"torch {torch.__version__}, CTranslate2 {ctranslate2.__version__}", None
    package = "a package" if folder_of("nvidia.cublas") else "no package"
    yield "cuBLAS 12", f"{package}, {'found' if _linked('libcublas.so.12') else 'not found'} by the linker", None
    yield "confined by", f"Landlock {landlock.offered()}, seccomp {seccomp.offered()}", None


def blocker(place: Place) -> Iterator[Said]:
    """A plain installation: CTranslate2 finds no cuBLAS 12 at its first encode."""
    clips = [*_clips("money", 3), *_clips("cats", 3), SAMPLES / "mortgage.mp4", SAMPLES / "cat-at-home.mp4"]
    seconds, done, said = _sorterd(place.config("blocker", clips), "run", "--once")
    status = _status(place, "blocker")
    well = done == 0 and not status["errors"] and status["queue"] == {"pending": 0, "failed": 0}
    yield "blocker: nothing is blamed, nothing waits", f"{seconds:.1f} s, exit {done}, {status['queue']}", well
    times = said.count(REFUSED)
    expected = place.device == "cuda" and not _linked("libcublas.so.12")
    yield "blocker: said once", f"{times} times: {_sentence(said)}", times == int(expected)


def start(place: Place) -> Iterator[Said]:
    """From a worker's start to its first video, with and without the kernels that the one before has compiled."""
    artifacts = place.folder / "start"
    artifacts.mkdir()
    first, where = _first_video(artifacts, place.device)
    again, _where = _first_video(artifacts, place.device)
    cpu, _where = _first_video(artifacts, "cpu")
    kept = sum(path.stat().st_size for path in (artifacts / ".cuda").rglob("*") if path.is_file()) / 2**20
    yield "start: the first one", f"{first:.1f} s, {where}", None
    yield "start: the next, kernels kept", f"{again:.1f} s ({kept:.1f} MiB of kernels)", again < max(10.0, cpu + 6)
    yield "start: on the processor", f"{cpu:.1f} s", None


def texts(place: Place) -> Iterator[Said]:
    """The same sound must become the same text, wherever it is heard."""
    from difflib import SequenceMatcher

    import torch

    from sorterd.features import speech
    from sorterd.features.models import whisper

    sounds = [spoken for path in sorted(SAMPLES.rglob("*.mp4")) if (spoken := _spoken(path))]
    heard: dict[str, list[str]] = {}
    for name, device, precision in [
        ("cpu", "cpu", speech.PRECISION),
        ("card", place.device, speech.PRECISION),
        ("float16", place.device, "float16" if place.device == "cuda" else "float32"),
    ]:
        speech.PRECISION = precision
        model = speech.Whisper(whisper.load(None), torch.device(device))
        began = time.perf_counter()
        heard[name] = [" ".join(part.text for part in parts) for parts in model.transcribe(sounds)]
        yield f"texts: heard on {name}", f"{time.perf_counter() - began:.2f} s for {len(sounds)} clips", None
    for name in ("card", "float16"):
        pairs = list(zip(heard["cpu"], heard[name], strict=True))
        same = sum(one == other for one, other in pairs)
        alike = sum(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs) / len(pairs)
        figure = f"{same} of {len(pairs)} the same, {alike:.1%} alike"
        yield f"texts: {name} against the processor", figure, alike > 0.97 if name == "card" else None


def memory(place: Place) -> Iterator[Said]:
    """With little memory left on the card: all videos are extracted, none is blamed."""
    for left in MEMORY:
        config = place.config(f"memory-{left}", _clips("money", 4), clip=True)
        with _holding(left, place.device) as free:
            seconds, done, said = _sorterd(config, "extract", "--json")
        answer = json.loads(said[said.index("{") :]) if "{" in said else {}
        well = done == 0 and answer.get("extracted") == 4 and not answer.get("errors")
        yield f"memory: {free} MiB left", f"{seconds:.1f} s, exit {done}, {_sentence(said)}", well


def extract(place: Place) -> Iterator[Said]:
    """A one-off `extract` of the 56 samples: a card must not be slower than the processor for its start."""
    clips = sorted(SAMPLES.rglob("*.mp4"))
    cpu, *_ = _sorterd(place.config("extract-cpu", clips, device="cpu"), "extract", "--json")
    cold, *_ = _sorterd(place.config("extract-cold", clips), "extract", "--json")
    config = place.config("extract-warm", clips)
    kernels = Path("state", "artifacts", ".cuda")
    if (place.folder / "extract-cold" / kernels).exists():
        shutil.copytree(place.folder / "extract-cold" / kernels, place.folder / "extract-warm" / kernels)
    warm, done, said = _sorterd(config, "extract", "--json")
    yield "extract: on the processor", f"{cpu:.1f} s for {len(clips)} clips", None
    yield "extract: on the card, for the first time", f"{cold:.1f} s", None
    yield "extract: on the card", f"{warm:.1f} s, exit {done}, {_sentence(said)}", warm < 1.25 * cpu


def pictures(place: Place) -> Iterator[Said]:
    """CLIP's towers on the card against float32 on the processor, and what half precision would be."""
    import numpy as np
    import torch

    from sorterd.features.encoder import Encoder
    from sorterd.features.models.folder import load_checkpoint

    frames = _frames(place.pictures)
    words = [f"a video of {what}" for what in ("cats", "dogs", "a kitchen", "money", "the sea")]
    cpu = Encoder(load_checkpoint(CLIP, place.weights(), {}), torch.device("cpu"))
    seen, read = cpu.images(frames), cpu.texts(words)
    card = Encoder(load_checkpoint(CLIP, place.weights(), {}), torch.device(place.device))
    alike = float((seen * card.images(frames)).sum(1).min()), float((read * card.texts(words)).sum(1).min())
    yield "pictures: cosine to the processor", f"at least {alike[0]:.6f}, words {alike[1]:.6f}", min(alike) > 0.9999
    with torch.autocast(place.device, torch.float16 if place.device == "cuda" else torch.bfloat16):
        half = float((seen * card.images(frames)).sum(1).min())
        halved = _milliseconds(lambda: card.images(frames)) / len(frames)
    one = _milliseconds(lambda: card.images(frames)) / len(frames)
    sizes = np.random.default_rng(0).integers(5, 40, len(frames) // 10)
    changing = _milliseconds(lambda: [card.images(frames[:size]) for size in sizes]) / sizes.sum()
    yield "pictures: float32", f"{one:.2f} ms each, in batches of changing size {changing:.2f}", None
    yield "pictures: half precision", f"{halved:.2f} ms each, cosine at least {half:.6f}", None


def packaged(place: Place) -> Iterator[Said]:
    """Whether the packaged towers are right to stay on the processor."""
    import numpy as np
    import torch

    from sorterd.features.encoder import Encoder
    from sorterd.features.extractor import Extractor
    from sorterd.features.models import embedded
    from sorterd.features.settings import FeatureSettings, Placement

    placed: list[Placement] = []
    Extractor.load(FeatureSettings(models="embedded", whisper="off", device=place.device), placed.append)
    yield "packaged towers: where they run", placed[0].towers, placed[0].towers == "cpu"
    frames = _frames(place.pictures)
    sizes = np.random.default_rng(0).integers(5, 40, len(frames) // 10)
    for device in ("cpu", place.device):
        towers = Encoder(embedded.load(), torch.device(device))
        once = _milliseconds(lambda: [towers.images(frames[:size]) for size in sizes]) / sizes.sum()  # noqa: B023
        again = _milliseconds(lambda: [towers.images(frames[:size]) for size in sizes]) / sizes.sum()  # noqa: B023
        yield f"packaged towers: on {device}", f"{once:.2f} ms a picture, the same sizes again {again:.2f}", None


def doctor(place: Place) -> Iterator[Said]:
    seconds, done, said = _sorterd(place.config("doctor", _clips("money", 2)), "doctor", "--json")
    findings = json.loads(said[said.index("{") :])["findings"]
    for finding in findings:
        if finding["check"] in ("device", "worker", "speech", "models"):
            remedy = f" -> {finding['remedy']}" if finding["remedy"] else ""
            yield f"doctor: {finding['check']}", f"{finding['level']}: {finding['says']}{remedy}", None
    yield "doctor", f"{seconds:.1f} s, exit {done}", not any(one["level"] == "problem" for one in findings)


def tests(_place: Place) -> Iterator[Said]:
    """The project's own tests that use a card where there is one."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "card", "tests"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or ["nothing"])[-1]
    yield "tests that need a card", last, done.returncode == 0 and "passed" in last


CHECKS: dict[str, tuple[Callable[[Place], Iterator[Said]], bool]] = {
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
"""Each check, and whether it wants cuBLAS 12; the ones that matter most first."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(CHECKS))
    parser.add_argument("--rehearse", action="store_true")
    parser.add_argument("--seconds", type=float, default=ENOUGH, help="begin no further check after that")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    device = "cpu" if options.rehearse else "cuda"
    if options.step:
        for said in CHECKS[options.step][0](Place(options.folder, device)):
            print(json.dumps(said), flush=True)
        return
    began, failed = time.monotonic(), False
    with tempfile.TemporaryDirectory(prefix="gpu-check-") as folder:
        borrowed = _borrow_cublas(Path(folder, "cublas"))
        for name in options.only.split(","):
            left = options.seconds - (time.monotonic() - began)
            if left <= 0:
                _print((name, "no time left for it", False))
                failed = True
                continue
            environment = os.environ | {"CUDA_CACHE_PATH": f"{folder}/kernels"}
            environment |= borrowed if CHECKS[name][1] else {}
            failed |= not _run(name, Path(folder), environment, max(left, 60.0), rehearse=options.rehearse)
    print(f"{time.monotonic() - began:.0f} s; {'something FAILED' if failed else 'all is well'}")
    raise SystemExit(failed)


def _run(name: str, folder: Path, environment: dict[str, str], seconds: float, *, rehearse: bool) -> bool:
    command = [sys.executable, __file__, "--step", name, "--folder", str(folder), *(["--rehearse"] * rehearse)]
    errors = folder / f"{name}.stderr"
    began, well = time.monotonic(), True
    with errors.open("w") as stderr:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment)
        try:
            out, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
            _print((name, f"took more than {seconds:.0f} s", False))
            well = False
    for line in out.splitlines():
        if line.startswith("["):
            said = json.loads(line)
            _print(said)
            well &= said[2] is not False
    if child.returncode not in (0, -9):
        last = (errors.read_text().strip().splitlines() or ["nothing"])[-3:]
        _print((name, f"ended with {child.returncode}: {' | '.join(last)[:400]}", False))
        well = False
    print(f"      ({name}: {time.monotonic() - began:.0f} s)", flush=True)
    return well


def _print(said: Said) -> None:
    what, figure, well = said
    mark = {True: "ok", False: "FAILED", None: "-"}[well]
    print(f"{mark:6} {what}: {' '.join(figure.split())}", flush=True)


def _borrow_cublas(folder: Path) -> dict[str, str]:
    """Environment in which version 13, which torch brings, answers to the name of version 12, unless that is here."""
    from sorterd.features.packages import folder_of

    thirteen = next(iter((folder_of("nvidia.cu13") or Path("/nowhere")).glob("lib/libcublas.so.13")), None)
    if thirteen is None or folder_of("nvidia.cublas") or _linked("libcublas.so.12"):
        return {}
    folder.mkdir()
    for name in ("libcublas.so", "libcublasLt.so"):
        (folder / f"{name}.12").symlink_to(thirteen.with_name(f"{name}.13"))
    paths = [str(folder), str(thirteen.parent), os.environ.get("LD_LIBRARY_PATH", "")]
    return {"LD_LIBRARY_PATH": ":".join(path for path in paths if path)}


def _linked(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _clips(folder: str, count: int) -> list[Path]:
    return sorted((SAMPLES / folder).glob("*.mp4"))[:count]


def _sorterd(config: Path, *command: str) -> tuple[float, int, str]:
    """Seconds, exit code and all output of a command."""
    began = time.monotonic()
    whole = [sys.executable, "-m", "sorterd", "--config", str(config), *command]
    done = subprocess.run(whole, cwd=PROJECT, capture_output=True, text=True, check=False)
    print(done.stderr, file=sys.stderr)
    return time.monotonic() - began, done.returncode, done.stderr + done.stdout


def _status(place: Place, name: str) -> dict[str, Any]:
    said = _sorterd(place.folder / name / "config.yaml", "status", "--json")[2]
    return dict(json.loads(said[said.index("{") :]))


def _sentence(said: str) -> str:
    """What was said of the card, without the line breaks of a terminal."""
    flat = " ".join(said.split())
    at = flat.find(REFUSED)
    return flat[max(0, at - 30) : at + 170] if at >= 0 else "nothing said of the card"


def _first_video(artifacts: Path, device: str) -> tuple[float, str]:
    """Seconds from a worker's start to its first video with speech, and where its models run."""
    import queue

    from sorterd.features.settings import FeatureSettings
    from sorterd.worker.lost import Lost
    from sorterd.worker.messages import DeviceRefused, Extract, Extracted, Item, JobFailed, Placed, Report, Setup
    from sorterd.worker.supervisor import Worker

    reports: queue.SimpleQueue[Report | Lost] = queue.SimpleQueue()
    worker = Worker(
        lambda: Setup(FeatureSettings(models="embedded", device=device), os.fsencode(artifacts)),
        report=reports.put, item_timeout=120.0, start_timeout=120.0, idle_unload=60.0,
    )  # fmt: skip
    began, where = time.monotonic(), "all on the processor"
    worker.submit(Extract(1, (Item("a", os.fsencode(_clips("money", 1)[0])),)))
    try:
        while True:
            report = reports.get()
            if isinstance(report, Placed):
                where = f"towers on {report.towers}, speech on {report.speech}"
            if isinstance(report, Extracted):
                return time.monotonic() - began, where
            if isinstance(report, Lost | DeviceRefused | JobFailed):
                raise RuntimeError(f"no video was extracted: {report}")
    finally:
        worker.stop()


def _spoken(path: Path) -> Any:
    from sorterd.features.clip import read_clip
    from sorterd.features.picture import PictureShape
    from sorterd.features.voice import spoken

    return spoken(read_clip(os.fsencode(path), 1, PictureShape(224), sound=True).sound.windows)


def _frames(count: int) -> list[Any]:
    """Pictures of the samples, as many as wanted."""
    from sorterd.features.clip import read_clip
    from sorterd.features.picture import PictureShape

    found: list[Any] = []
    for path in sorted(SAMPLES.rglob("*.mp4")):
        found += read_clip(os.fsencode(path), 5, PictureShape(224), sound=False).pictures
        if len(found) >= count:
            break
    return found[:count]


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()  # ends with numbers on the CPU: nothing is under way any more
    return 1000 * (time.perf_counter() - began)


HOLD = """
import sys, torch
left = int(sys.argv[1]) << 20
held = []
while (free := torch.cuda.mem_get_info()[0]) > left + (2 << 20):
    held.append(torch.empty(max(free - left - (1 << 20), 1 << 20) if free - left < (8 << 30) else 8 << 30,
                            dtype=torch.uint8, device="cuda"))
print(torch.cuda.mem_get_info()[0] >> 20, flush=True)
sys.stdin.read()
"""


@contextmanager
def _holding(left: int, device: str) -> Iterator[int]:
    """Within this block somebody else has all of the card's memory but `left` MiB; what is left in truth."""
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


if __name__ == "__main__":
    main()
