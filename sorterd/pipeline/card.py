"""What the graphics card does of the work, and what it has refused since this start: that runs on the processor.

A refusal is remembered as long as this process lives. The card's memory may have been full of something else, a library
may be installed: the next start tries again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from sorterd.activity import Fault, Note, Reporter
from sorterd.features.device_failure import advice
from sorterd.features.settings import FeatureSettings, Part, Placement
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe, Extract, Job
from sorterd.worker.report_messages import DeviceRefused, Extracted, Placed, Report

PAYS = 64
"""Videos that wait from which `device: auto` starts the card. Break-even is near: with all starts, 56 samples took 13 s
on an H200 (25 s the first time) and 17 s on the 16 cores beside it. Once started, it saves 0.2 s a video with CLIP. A
card that is not started is left to other programs."""

DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # NVIDIA, AMD, Windows' subsystem for Linux

WHAT: dict[tuple[Part, ...], str] = {
    ("towers",): "pictures and words",
    ("speech",): "speech",
    ("towers", "speech"): "pictures, words and speech",
}

ALL_PARTS: frozenset[Part] = frozenset({"towers", "speech"})


def is_there() -> bool:
    """Return whether this machine may have a card, without loading anything to look at it."""
    return any(Path(driver).exists() for driver in DRIVERS)


@dataclass(slots=True)
class Card:
    """Decides which part of the models runs where. `placement` is None as long as no card was used.

    `present`: there may be a card. `started`: it is used for what the settings allow.
    """

    report: Reporter
    present: bool = field(default_factory=is_there)
    started: bool = True
    placement: Placement | None = None
    troubles: tuple[str, ...] = ()
    _on_cpu: frozenset[Part] = frozenset()
    _proven: bool = False  # a video was extracted with its help

    @property
    def devices(self) -> dict[str, str]:
        """What is computed where, for `status`. It is empty as long as no card was used."""
        place = self._place_now
        return {} if place is None else {"pictures": place.towers, "words": place.towers, "speech": place.speech}

    def start_if_it_pays(self, settings: FeatureSettings, waiting: int, *, models_loaded: bool) -> None:
        """Decide whether the card is used from the next job on, given how many videos wait.

        A worker with models keeps the card that it has started.
        """
        pays = settings.device != "auto" or not self.present or waiting >= PAYS
        if pays or not models_loaded:
            self.started = pays

    def spare(self, settings: FeatureSettings) -> FeatureSettings:
        """Return the settings without the parts that the card refused, and without the card if it is not started."""
        on_cpu = self._on_cpu if self.started else ALL_PARTS
        return replace(settings, on_cpu=tuple(sorted(on_cpu)))

    def take(self, report: Report | WorkerLost, job: Job) -> bool:
        """Take a report on `job`. Return True if the job failed because of the card alone.

        The worker must then start again, with `spare` settings.
        """
        match report:
            case Placed():
                self._placed(Placement(report.towers, report.speech))
            case Extracted():
                self._proven = True
            case DeviceRefused() if report.part not in self._on_cpu:
                remedy = advice(report.reason)
                self._give_up((report.part,), f"the graphics card refused: {report.reason}", remedy)
                return True
            case WorkerLost() if self._is_suspect(report, job):
                self._give_up(self._used, f"the worker {report.reason} while it used the graphics card")
                return True
        return False

    @property
    def _used(self) -> tuple[Part, ...]:
        return () if self._place_now is None else self._place_now.on_card

    @property
    def _place_now(self) -> Placement | None:
        """Where the parts run in the present worker. `placement` is where they ran when the card was last used."""
        return self.placement if self.placement is None or self.started else self.placement.without(ALL_PARTS)

    def _is_suspect(self, report: WorkerLost, job: Job) -> bool:
        """Return whether the card may have ended the worker.

        That is so if no video was in flight, or none was ever extracted with the card's help. If it was a video after
        all, the processor will show that.
        """
        at_work = bool(self._used) and isinstance(job, Describe | Extract) and report.by_itself
        return at_work and not (report.in_flight and self._proven)

    def _placed(self, placement: Placement) -> None:
        if placement == self.placement:
            return
        self.placement = placement
        self.report(Note(str(placement)))

    def _give_up(self, parts: tuple[Part, ...], why: str, remedy: str = "") -> None:
        self._on_cpu |= frozenset(parts)
        self._proven = False
        if self.placement is not None:
            self.placement = self.placement.without(parts)
        sentence = f"{WHAT[parts]} on the processor until the next start: {why}" + (f"; {remedy}" if remedy else "")
        self.troubles = (*self.troubles, sentence)
        self.report(Fault("", sentence))
