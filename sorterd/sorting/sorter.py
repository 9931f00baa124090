"""Turn predictions into moves: decide on every predicted inbox video, move the sure ones, report why."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Literal

from sorterd.activity import Decided, Fault, Note, Reporter
from sorterd.library.move import MoveFailed
from sorterd.library.openat import join
from sorterd.library.plan import MoveRefused
from sorterd.sorting.failed_moves import FailedMoves
from sorterd.sorting.inbox_decisions import InboxDecision, decide_inbox
from sorterd.sorting.mover import Mover
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.sorting.vetoes import UserFeedback, decide
from sorterd.store.store import Store
from sorterd.sync.conversions import plainness


@dataclass(frozen=True, slots=True)
class SortResult:
    """How many videos were moved, and the contents that were `left` for the next time, because it was enough."""

    moved: int
    left: frozenset[str]


@dataclass(slots=True)
class Sorter:
    """Makes the decided moves and retries failed ones with back-off. With `mode` "report" it only reports them.

    `report_all`: while nothing is moved, report all decisions and not only new ones. `pauses` stop moving for a while.
    They are None if the user asked for these moves.
    """

    store: Store
    mover: Mover
    report: Reporter
    mode: Literal["move", "report", "nothing"]
    pauses: MovingPauses | None = None
    never_into: Collection[str] = ()
    report_all: bool = False
    failed: FailedMoves = field(init=False)
    _paused: bool = False

    def __post_init__(self) -> None:
        self.failed = FailedMoves(self.store, self.mover)

    def sort(
        self,
        predictor: str | None,
        *,
        now: float,
        news: Collection[str] = (),
        everything: bool = True,
        enough: Callable[[], bool] = lambda: False,
    ) -> SortResult:
        """Make every move that is due and report the videos in `news` that stay.

        `news` are the contents that were just predicted. Without `everything`, only those are moved. After a move, the
        rest is left if it is `enough`.
        """
        if self.mode == "nothing":
            return SortResult(0, frozenset())
        moving = self.mode == "move" and not self._pause_holds(now)
        report_all = self.report_all and everything and not moving
        moved: dict[str, str] = {}  # content -> where it lies now
        would_lie: dict[str, str] = {}
        reported = {one.file.path: one for one in self._decisions(predictor, only=None if report_all else news)}
        rest = {one.file.path: one for one in self._decisions(predictor, sure=True)} if everything else {}
        decisions = _plain_names_first([one for _, one in sorted((rest | reported).items())])
        wanted = {one.file.path for one in decisions if one.decision.action == "move"}
        if predictor is not None:
            self.failed.keep_only(wanted, None if everything else set(reported))
        left: frozenset[str] = frozenset()
        for index, one in enumerate(decisions):
            if self.mover.should_stop() or (moved and enough()):
                left = frozenset(other.file.fingerprint for other in decisions[index:])
                break
            content = one.file.fingerprint
            filed_at = moved.get(content) or would_lie.get(content)
            if filed_at is not None:  # a copy of a video that was moved a moment ago
                duplicate = decide(one.prediction, UserFeedback(filed_at=filed_at), ())
                self._report(replace(one, decision=duplicate), None)
            elif one.decision.action == "move" and moving:
                destination = self._move(one, now)
                if destination is not None:
                    moved[content] = destination
            elif report_all or content in news:
                would_move = one.decision.action == "move"
                self._report(one, None, would_move=would_move)
                if would_move:  # its copies would then stay
                    would_lie[content] = join(one.decision.folder, one.file.path)
        return SortResult(len(moved), left)

    def may_follow(self, now: float) -> bool:
        """Return whether sidecars may follow their videos at this time.

        Only a pause of the user's stops them. The others are about our decisions, and this is none.
        """
        pause = None if self.pauses is None else self.pauses.current(now)
        return self.mode == "move" and (pause is None or pause.cause != "user")

    def next_try(self, now: float) -> float | None:
        """Return when the earliest failed move is due again or the pause in moving ends, None if neither is known."""
        times = [] if (again := self.failed.next_try()) is None else [again]
        if self._paused and self.pauses is not None:
            pause = self.pauses.current(now)
            times += [now] if pause is None else [pause.until] if pause.until is not None else []
        return min(times, default=None)

    def announce_update(self, predictor: str | None, now: float, *, everything: bool) -> None:
        """After an update, report how many of the predicted videos it would move, before it moves any.

        `everything`: all videos in the inbox are predicted.
        """
        if self.mode != "move" or self.pauses is None or not self.pauses.update_is_unannounced(now):
            return
        would_move = sum(one.decision.action == "move" for one in self._decisions(predictor, sure=True))
        if would_move:
            self.report(Note(self.pauses.announce_update(would_move, len(self.store.files.inbox()), now)))
        elif everything:
            self.pauses.end_update()

    def _pause_holds(self, now: float) -> bool:
        if self.pauses is None:
            return False
        over, begun = self.pauses.end_if_over(now), self.pauses.check_brake(now)
        if over is not None:
            self.report(Note(over))
        if begun is not None:
            self.report(Fault("", f"nothing is moved for now: {begun.reason}"))
        self._paused = self.pauses.current(now) is not None
        return self._paused

    def _decisions(
        self, predictor: str | None, *, sure: bool = False, only: Collection[str] | None = None
    ) -> list[InboxDecision]:
        return decide_inbox(self.store, predictor, sure=sure, only=only, never_into=self.never_into)

    def _move(self, one: InboxDecision, now: float) -> str | None:
        """Move a video. Return its new path, None if it could not be moved or the next try is not due yet."""
        path = one.file.path
        if not self.failed.is_due(one.file, one.decision.folder, now):
            return None
        try:
            moved = self.mover.sort(
                one.file, one.decision.folder, confidence=one.prediction.confidence, reason=one.decision.reason
            )
        except (MoveFailed, MoveRefused) as error:
            self.report(Fault(path, self.failed.note(one.file, one.decision.folder, error, now)))
            return None
        self.failed.forget(path)
        number = self.store.journal.of(one.file.fingerprint)[0].number
        self._report(one, moved.plan.destination, move=number)
        for sidecar, reason in moved.left:
            self.report(Fault(sidecar, f"did not follow its video: {reason}"))
        return moved.plan.destination

    def _report(
        self, one: InboxDecision, moved_to: str | None, *, would_move: bool = False, move: int | None = None
    ) -> None:
        self.report(
            Decided(
                path=one.file.path,
                prediction=one.prediction,
                reason=one.decision.reason,
                moved_to=moved_to,
                would_move=would_move,
                move=move,
            )
        )


def _plain_names_first(decisions: list[InboxDecision]) -> list[InboxDecision]:
    """Return the decisions ordered so that copies (`x (1).mp4`) come after the same video with the plainest name."""
    plainest: dict[str, str] = {}
    for one in decisions:
        content, path = one.file.fingerprint, one.file.path
        plainest[content] = min(path, plainest.get(content, path), key=plainness)
    return sorted(decisions, key=lambda one: plainest[one.file.fingerprint] != one.file.path)
