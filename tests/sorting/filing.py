"""What tests of filing by command share: a small library, and what was said of its videos."""

from __future__ import annotations

from support.house import House

from sorterd.sorting.filing import Filing

LIBRARY = {
    "a.mp4": b"one", "a.jpg": b"picture", "b.mp4": b"two",
    "cats": {"c.mp4": b"three"}, "dogs": {"d.mp4": b"four"},
}  # fmt: skip


def file(house: House, *paths: str, folder: str = "cats", new: bool = False) -> dict[str, str]:
    """What was filed, or why it was not, by path."""
    filed, refused = Filing(house.mover).file(paths, folder, new=new)
    return {**{one.moved.plan.source: one.moved.plan.destination for one in filed}, **dict(refused)}
