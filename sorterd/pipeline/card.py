"""What the graphics card does of the work, and what it has refused since this start: that runs on the processor.

A refusal is remembered as long as this process lives. The card's memory may have been full of something else, a library
may be installed: the next start tries again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sorterd.activity import Fault, Note, Reporter
from sorterd.features.device_failure import advice
from sorterd.features.settings import FeatureSettings, Part, Placement
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.messages import Describe, DeviceRefused, Extract, Extracted, Job, Placed, Report

WHAT: dict[tuple[Part, ...], str] = {
    ("towers",): "pictures and words",
    ("speech",): "speech",
    ("towers", "speech"): "pictures, words and speech",
}


@dataclass(slots=True)
class Card:
    """Knows which part of the models runs where. `placement` is None as long as no card was used."""

    report: Reporter
    placement: Placement | None = None
    troubles: tuple[str, ...] = ()
    _on_cpu: frozenset[Part] = frozenset()
    _proven: bool = False  # a video was extracted with its help

    @property
    def devices(self) -> dict[str, str]:
        """What is computed where, for `status`; empty as long as no card was used."""
        place = self.placement
        return {} if place is None else {"pictures": place.towers, "words": place.towers, "speech": place.speech}

    def spare(self, settings: FeatureSettings) -> FeatureSettings:
        """Return the settings without the parts that the card refused."""
        return replace(settings, on_cpu=tuple(sorted(self._on_cpu)))

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
        return () if self.placement is None else self.placement.on_card

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
