"""What tests of filing by command share: a small library, and what was said of its videos."""

from support.workspace import Workspace

from sorterd.sorting.filing import Filing

LIBRARY = {
    "a.mp4": b"one", "a.jpg": b"picture", "b.mp4": b"two",
    "cats": {"c.mp4": b"three"}, "dogs": {"d.mp4": b"four"},
}  # fmt: skip


def file(workspace: Workspace, *paths: str, folder: str = "cats", new: bool = False) -> dict[str, str]:
    """What was filed, or why it was not, by path."""
    filed, refused = Filing(workspace.mover).file(paths, folder, new=new)
    return {**{one.moved.plan.source: one.moved.plan.destination for one in filed}, **dict(refused)}
