"""Check models, device and decoders. A child process loads the libraries, so that this one stays light."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from sorterd.doctor.finding import Finding, ok, problem, warning
from sorterd.doctor.probe import Probe
from sorterd.doctor.software import REINSTALL
from sorterd.features import words
from sorterd.features.settings import FeatureSettings
from sorterd.worker.host.process import ENVIRONMENT

PROBE_SECONDS = 120.0
COMMAND = (sys.executable, "-P", "-m", "sorterd.doctor.probe")


class ProbeFailed(Exception):
    """The child process failed. The message is its last line on stderr."""


def ask_probe(settings: FeatureSettings, clip: Path, seconds: float = PROBE_SECONDS) -> Probe:
    """Return what a child process finds for these settings and a sample clip. Raise ProbeFailed."""
    question = json.dumps({"settings": asdict(settings), "clip": str(clip)})
    try:
        done = subprocess.run(
            COMMAND, input=question, capture_output=True, text=True, timeout=seconds, check=False,
            env=ENVIRONMENT | os.environ,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ProbeFailed(f"the libraries did not load within {seconds:g} seconds") from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise ProbeFailed(lines[-1])
    return Probe(**json.loads(done.stdout.splitlines()[-1]))


def judge_probe(found: Probe, settings: FeatureSettings) -> Iterator[Finding]:
    """Yield the findings on models, device and decoders."""
    yield judge_models(found, settings)
    yield judge_device(found, settings.device)
    yield judge_decoding(found)


def judge_models(found: Probe, settings: FeatureSettings) -> Finding:
    """Return whether the models are installed or can be fetched."""
    fetched = "they are fetched at the first start, or now with 'sorterd models fetch'"
    if found.missing and found.hub:
        return warning("models", f"{_first(found.missing)}; the model hub answers", fetched)
    if found.missing:
        says, _, remedy = found.missing.partition(": ")
        return problem("models", f"{says}; the model hub does not answer", remedy or REINSTALL)
    if found.models == "embedded" and settings.models == "auto":
        better = "CLIP can be fetched and will be at the first start" if found.hub else "the model hub does not answer"
        return ok("models", f"embedded, {found.where}; {better}")
    return ok("models", f"{found.models}, {found.where}")


def judge_device(found: Probe, wanted: str) -> Finding:
    """Return whether the models run on the device that the config asks for (`wanted`)."""
    if found.gpu and wanted != "cpu":
        return ok("device", f"{found.gpu}, torch {found.torch}")
    if wanted == "cuda":
        remedy = "look whether nvidia-smi finds the card and torch was installed with CUDA, or set it to auto"
        return warning("device", f"'features.device' is cuda, but torch {found.torch} finds no usable card", remedy)
    if found.card and not found.gpu and wanted != "cpu":
        says = f"there is an NVIDIA card, but torch {found.torch} cannot use it: the processor does the work"
        return warning("device", says, "install torch with CUDA and a driver that is new enough for it (nvidia-smi)")
    return ok("device", f"processor, torch {found.torch}")


def judge_decoding(found: Probe) -> Finding:
    """Return whether pictures and sound could be decoded from the sample clip."""
    if found.undecodable or not found.pictures or found.sound != "heard":
        says = found.undecodable or f"a sample clip gave {found.pictures} pictures and no sound"
        return problem("decoding", f"a sample clip {says}" if found.undecodable else says, REINSTALL)
    return ok("decoding", f"a sample clip gave {found.pictures} pictures and its sound")


def judge_captions(*, wanted: bool) -> Finding:
    """Return whether what is written about videos can be read."""
    if not wanted:
        return ok("captions", "not read, as features.captions says")
    if not words.installed():
        return warning("captions", words.MISSING, words.REMEDY)
    return ok("captions", f"read with {words.TOWER}")


def _first(sentence: str) -> str:
    return sentence.partition(": ")[0]
