"""Run all checks, each after those on which it depends."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from sorterd.config import Config
from sorterd.doctor.finding import Finding, problem
from sorterd.doctor.models import ProbeFailed, ask_probe, judge_captions, judge_probe
from sorterd.doctor.service import check_service
from sorterd.doctor.software import REINSTALL
from sorterd.doctor.state import check_state, settled_settings
from sorterd.doctor.videos import check_videos
from sorterd.doctor.worker import judge_confinement, judge_placement, judge_trial, try_worker
from sorterd.samples import SAMPLES
from sorterd.store.database import StoreError
from sorterd.worker.sandbox import landlock, seccomp


def examine(config: Config) -> Iterator[Finding]:
    """Yield every finding for a valid config as soon as it is known."""
    groups: tuple[tuple[str, Callable[[Config], Iterator[Finding]]], ...] = (
        ("videos", check_videos),
        ("state folder", check_state),
        ("models", check_extraction),
        ("service", check_service),
    )
    for name, check in groups:
        try:
            yield from check(config)
        except (OSError, sqlite3.Error, StoreError, ValueError) as error:
            yield problem(name, f"could not be checked: {error}", "mend that first")


def check_extraction(config: Config) -> Iterator[Finding]:
    """Check models, device and decoders, then a worker that uses them all."""
    settings, clip = settled_settings(config), sample_clip()
    if clip is None:
        yield problem("decoding", "the sample clips are not installed", REINSTALL)
        return
    try:
        found = ask_probe(settings, clip)
    except ProbeFailed as error:
        yield problem("models", f"the libraries cannot be used: {error}", REINSTALL)
        return
    yield from judge_probe(found, settings)
    yield judge_captions(wanted=config.features.captions)
    if found.models in ("clip", "embedded"):  # named outright, so that nothing is fetched
        settings = replace(settings, models=found.models)  # type: ignore[arg-type]
    trial = try_worker(settings, clip, item_seconds=config.features.timeout_seconds, models=bool(found.models))
    yield judge_trial(trial)
    yield from judge_placement(trial)
    yield judge_confinement(files=landlock.offered(), calls=seccomp.offered(), linux=sys.platform == "linux")


def sample_clip() -> Path | None:
    """Return one of the demo's clips with speech, None if the clips are not installed."""
    return next(iter(sorted((SAMPLES / "money").glob("*.mp4"))), None)
