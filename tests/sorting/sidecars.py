"""What tests of sidecars that follow share: a drag that left some behind."""

from support.workspace import Workspace

from sorterd.activity import Activity
from sorterd.library.stability import StabilityTracker
from sorterd.sorting.following import Following
from sorterd.store.settings import SIDECARS_LEFT

SETTLE = 5.0


def following(workspace: Workspace, *, after_user: bool = True, told: list[Activity] | None = None) -> Following:
    report = (lambda _: None) if told is None else told.append
    return Following(workspace.store, workspace.mover, report, StabilityTracker(SETTLE), SETTLE, after_user=after_user)


def follow(workspace: Workspace, one: Following | None = None) -> int:
    """As after a drag that is long over."""
    one = one or following(workspace)
    at_once = one.follow(workspace.clock(), moving=True)
    workspace.clock.advance(2 * SETTLE)
    return at_once + one.follow(workspace.clock(), moving=True)


def left(workspace: Workspace) -> dict[str, str]:
    left = workspace.store.notes.get(SIDECARS_LEFT)
    return dict(left or [])
