"""What only the running service knows, as one value that the control socket hands out while the loop works."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sorterd.service.control import NoAnswer, NotRunning, ask


@dataclass(frozen=True, slots=True)
class Live:
    """The running service at one moment.

    `silent_seconds` is how long ago the loop last came round: a loop that hangs cannot look healthy. `blocked` says
    why nothing is learned or moved, `problems` what keeps whole stages from working. `rate` is videos per minute.
    `devices` says where pictures, words and speech are computed, empty until that is known, `device_troubles` what the
    graphics card refused. `held` says how many videos wait for the hours of work, why, and until when if that is known.
    `pool` says where other machines connect, why they cannot, and which they are. It is None if the config wants none.
    """

    pid: int
    silent_seconds: float
    watcher_backend: str
    watcher_healthy: bool
    watcher_reason: str
    worker_state: str
    worker_restarts: int
    activity: str
    blocked: str | None = None
    problems: tuple[str, ...] = ()
    growing: int = 0
    unread: int = 0
    rate: float | None = None
    blind_spots: tuple[tuple[str, str], ...] = ()
    devices: dict[str, str] = field(default_factory=dict)
    device_troubles: tuple[str, ...] = ()
    held: dict[str, Any] | None = None
    pool: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the control socket."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Live:
        """Return the `Live` in the answer of the control socket."""
        blind_spots = tuple((path, reason) for path, reason in values["blind_spots"])
        lists = {key: tuple(values.get(key, ())) for key in ("problems", "device_troubles")}
        return cls(**{**values, **lists, "blind_spots": blind_spots})


def ask_live(state_dir: Path, seconds: float) -> Live | None:
    """Ask the running service. Return None if it does not answer in time, because it is starting or hangs."""
    try:
        answer = ask(state_dir, {"do": "status"}, seconds)
    except (NotRunning, NoAnswer):
        return None
    return None if answer["live"] is None else Live.from_json(answer["live"])
