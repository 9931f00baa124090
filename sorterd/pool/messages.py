"""What is said in the pool, as values. All of it travels as frames of the wire (`worker.wire`), and as nothing else.

Home and a machine talk to each other in frames that the coordinator only passes on. A machine's reports on a job are
those of any worker, so they are not repeated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from sorterd.features.settings import FeatureSettings
from sorterd.worker.report_messages import Described, Extracted, ExtractFailed, JobDone, JobFailed, Started

LIMIT = 1 << 20
"""Most bytes of a frame between home and a machine. Files travel in pieces."""
LINK_LIMIT = LIMIT + (1 << 16)
"""Most bytes of a frame that holds another frame."""
PIECE = 1 << 18
"""Bytes of a piece of a file."""

# --- between the daemon and the coordinator ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """The first message to the coordinator: listen at this address, with these certificates (PEM).

    `scratch` is the folder in which it may write. A machine that is silent for `ttl` seconds has gone.
    """

    host: str
    port: int
    identity: str
    machines: str
    scratch: bytes
    ttl: float


@dataclass(frozen=True, slots=True)
class Listening:
    """The coordinator listens at this port."""

    port: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The coordinator cannot listen, and ends."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is not invited, or not any more, has tried to connect. `reason` is what OpenSSL said."""

    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A machine has connected. `machine` is the number of this connection, `certificate` what it has shown (DER).

    That expires at `until`, in seconds since 1970.
    """

    machine: int
    peer: str
    certificate: bytes
    until: float


@dataclass(frozen=True, slots=True)
class Left:
    """This connection has ended. `silent`: the machine was not heard of for too long."""

    machine: int
    silent: bool


@dataclass(frozen=True, slots=True)
class Full:
    """So much waits to be sent to this machine that nothing more may come, or, if not `full`, that is over."""

    machine: int
    full: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A frame from or to a machine."""

    machine: int
    frame: bytes


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Say this last frame, if it is one, and end this connection. What still waited to be sent is not sent."""

    machine: int
    last: bytes


# --- from home to a machine -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prepare:
    """Load the models for this feature space and extract the packaged control clips.

    Answered by `ControlsExtracted` or `Unfit`.
    `width` is the number of dimensions, `item_seconds` how long one video may take, `pictures` whether posters are
    drawn.
    """

    features: FeatureSettings
    space: str
    width: int
    item_seconds: float
    pictures: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """The machine will get work."""


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The machine will get no work, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """One video of a task: its path in the folder of videos, and whether its bytes follow (`Piece`)."""

    fingerprint: str
    path: bytes
    follows: bool


@dataclass(frozen=True, slots=True)
class Task:
    """Extract these videos. Answered as `Extract` is, or by `Lost`, after a `Lacking` for each that cannot be had."""

    job: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """The next bytes of a video of a task. `last`: there are no more."""

    job: int
    fingerprint: str
    content: bytes
    last: bool


# --- from a machine to home -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message of a machine: its version of sorterd, and whether it has the folder of videos itself.

    This and `Dismissed` stay as they are, so that another version can be told from garbage.
    """

    version: str
    shared: bool


@dataclass(frozen=True, slots=True)
class ControlsExtracted:
    """What its models make of the control clips."""

    described: Described
    controls: tuple[Extracted, ...]


@dataclass(frozen=True, slots=True)
class Unfit:
    """The machine cannot do the work, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """This video of the task cannot be had there: it is not in its folder, is another one, or did not arrive whole."""

    job: int
    fingerprint: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The machine's worker process died over this task. The machine goes on with the next. See `WorkerLost`."""

    job: int
    in_flight: tuple[str, ...]
    reason: str


LinkMessage = Open | Listening | Failed | Stranger | Joined | Left | Full | Passed | Disconnect
ToMachine = Prepare | Accepted | Dismissed | Task | Piece
ExtractReport = Started | Extracted | ExtractFailed | JobDone | JobFailed
FromMachine = Hello | ControlsExtracted | Unfit | Lacking | Lost | ExtractReport

FromCoordinator = Listening | Failed | Stranger | Joined | Left | Full | Passed
LINK: dict[str, type] = {kind.__name__: kind for kind in get_args(LinkMessage)}
FROM_COORDINATOR: dict[str, type] = {kind.__name__: kind for kind in get_args(FromCoordinator)}
TO_MACHINE: dict[str, type] = {kind.__name__: kind for kind in get_args(ToMachine)}
FROM_MACHINE: dict[str, type] = {kind.__name__: kind for kind in get_args(FromMachine)}
