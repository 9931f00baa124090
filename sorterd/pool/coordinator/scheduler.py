"""Dask's scheduler, reduced to what the pool needs: who is there, who has gone, and frames in both directions.

Which machine gets which video is decided by the daemon, whose queue is the only one. So no task is ever given to Dask:
our frames travel on the connection that each machine keeps open anyway. That makes tasks, results and exceptions, and
with them pickles, unnecessary, and no machine has to accept connections.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from distributed import Scheduler
from distributed.comm.core import Comm

from sorterd.pool.engine import OP
from sorterd.pool.messages import Joined, Left, LinkMessage, Passed

_ASKED = ("register-worker", "heartbeat_worker")
"""What a machine may ask Dask for. Everything else, such as running a function here, is not offered."""
_SAID = ("keep-alive", "log-event", "worker-status-change", OP)
"""What a machine may say on its own connection."""


class PoolScheduler(Scheduler):
    """Passes frames on. `tell` takes what is to be said to the daemon. `ttl` is after how much silence one has gone."""

    def __init__(self, tell: Callable[[LinkMessage], None], *, ttl: float, **arguments: Any) -> None:
        super().__init__(worker_ttl=ttl, extensions={}, dashboard=False, **arguments)
        self._tell = tell
        self._numbers = itertools.count(1)
        self._machines: dict[str, int] = {}  # by address
        self._streams: dict[str, Comm] = {}
        self.stream_handlers[OP] = self._came
        self.stream_handlers["log-event"] = lambda **_: None
        self.handlers = {name: self.handlers[name] for name in _ASKED}
        self.stream_handlers = {name: self.stream_handlers[name] for name in _SAID}
        self.periodic_callbacks["worker-ttl"].callback_time = min(ttl, 5.0) * 1000  # Dask looks only once in each ttl

    def start_http_server(self, *_arguments: Any, **_named: Any) -> None:
        """Serve no page: it would need no certificate."""

    async def handle_worker(self, comm: Comm, worker: str) -> None:
        """Talk to a machine until its connection ends."""
        self._machines[worker] = machine = next(self._numbers)
        self._streams[worker] = comm
        certificate = comm.stream.socket.getpeercert(binary_form=True)  # type: ignore[attr-defined]
        self._tell(Joined(machine, comm.peer_address, certificate))
        await super().handle_worker(comm, worker)

    async def remove_worker(self, address: str, **said: Any) -> Any:
        """Forget a machine, whose connection has ended or which is silent."""
        machine, comm = self._machines.pop(address, None), self._streams.pop(address, None)
        if machine is not None:
            assert comm is not None
            self._tell(Left(machine, silent=not comm.closed()))
        removed = await super().remove_worker(address, **said)
        if comm is not None:
            comm.abort()
        return removed

    def send(self, machine: int, frame: bytes) -> None:
        """Send a frame to a machine, if it is still there."""
        address = self._address_of(machine)
        if address is not None and not self._streams[address].closed():
            self.stream_comms[address].send({"op": OP, "frame": frame})

    async def disconnect(self, machine: int) -> None:
        """End the connection of a machine, after what was sent to it."""
        address = self._address_of(machine)
        if address is not None:
            with suppress(TimeoutError, OSError):  # it does not read any more: nothing is lost but the last word
                await self.stream_comms[address].close(timeout=timedelta(seconds=2))
            await self.remove_worker(address, stimulus_id="dismissed", close=False)

    def _address_of(self, machine: int) -> str | None:
        return next((address for address, number in self._machines.items() if number == machine), None)

    def _came(self, frame: object, worker: str, **_: object) -> None:
        if isinstance(frame, bytes) and worker in self._machines:
            self._tell(Passed(self._machines[worker], frame))
