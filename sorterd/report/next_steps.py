"""What there is to do for the user, told from the status document."""

from __future__ import annotations

from typing import Any

from sorterd.text import counted

MANY = 30  # videos that wait: groups of alike ones may be among them


def next_steps(status: dict[str, Any]) -> list[str]:
    """Return one sentence for each thing that waits for the user, the most urgent first."""
    if status.get("disk") or status.get("blocked"):
        return ["what is blocked goes on by itself when that is mended; 'sorterd doctor' says how"]
    steps = []
    filed = any(sum(counts.values()) for counts in status["categories"].values())
    undecided = status.get("inbox_parts", {}).get("undecided", 0)
    moved = sum(counts["auto"] for counts in status["categories"].values())
    if status["inbox"] and not filed:
        steps.append("file a few videos, so that it can learn: 'sorterd file --new PATH FOLDER', or by dragging them")
    elif undecided:
        steps.append(f"{counted(undecided, 'video')} {_wait(undecided)} for you: 'sorterd review'")
    if moved:
        steps.append(
            f"{counted(moved, 'move')} can be looked at: 'sorterd log'; 'sorterd confirm --all' if all are right"
        )
    if status["queue"]["failed"]:
        failed = status["queue"]["failed"]
        steps.append(f"{counted(failed, 'video')} could not be read: 'sorterd doctor', then 'sorterd retry'")
    if not status["running"] and not steps and status["queue"]["pending"]:
        steps.append("start it, so that it looks at what waits: 'sorterd run'")
    looked_at = undecided if filed else status["inbox"] - status["queue"]["pending"] - status["queue"]["failed"]
    if suggested := status.get("suggested"):
        steps.append(
            f"{counted(suggested, 'group')} of alike videos may become {_folders(suggested)}: 'sorterd suggest'"
        )
    elif looked_at >= MANY:
        steps.append(f"some of the {looked_at:,} may belong together: 'sorterd suggest' shows groups of alike videos")
    return steps


def _folders(number: int) -> str:
    return "a folder" if number == 1 else "folders"


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"
