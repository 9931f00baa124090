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
from ssl import cert_time_to_seconds
from typing import Any

from distributed import Scheduler
from distributed.comm.core import Comm, CommClosedError
from tornado.ioloop import PeriodicCallback

from sorterd.pool.engine import OP
from sorterd.pool.messages import Full, Joined, Left, LinkMessage, Passed

MOST_UNSENT = 4_000_000
"""Bytes that wait to be sent to one machine before the daemon is told to wait."""
_LOOK_MS = 20.0  # between two looks at whether a machine has taken them


class PoolScheduler(Scheduler):
    """Passes frames on. `tell` takes what is to be said to the daemon. `ttl` is after how much silence one has gone."""

    def __init__(self, tell: Callable[[LinkMessage], None], *, ttl: float, **arguments: Any) -> None:
        super().__init__(worker_ttl=ttl, extensions={}, dashboard=False, **arguments)
        self._tell = tell
        self._numbers = itertools.count(1)
        self._machines: dict[str, int] = {}  # by address
        self._streams: dict[str, Comm] = {}
        self.handlers = {"register-worker": self.handlers["register-worker"], "heartbeat_worker": self._heard_of}
        self.stream_handlers = {}
        self._full: set[int] = set()
        self._drain = PeriodicCallback(self._look_at_full, _LOOK_MS)
        self.periodic_callbacks["worker-ttl"].callback_time = min(ttl, 5.0) * 1000  # Dask looks only once in each ttl

    def start_http_server(self, *_arguments: Any, **_named: Any) -> None:
        """Serve no page: it would need no certificate."""

    async def handle_worker(self, comm: Comm, worker: str) -> None:
        """Talk to a machine until its connection ends."""
        self._machines[worker] = machine = next(self._numbers)
        self._streams[worker] = comm
        until = cert_time_to_seconds(comm.stream.socket.getpeercert()["notAfter"])  # type: ignore[attr-defined]
        self._tell(Joined(machine, comm.peer_address, _certificate(comm), float(until)))
        await super().handle_worker(comm, worker)

    async def handle_stream(self, comm: Comm, extra: dict[str, Any] | None = None) -> None:
        """Pass on what a machine says on its own connection. What it says for Dask does not matter here.

        Dask's own way would let a message name another machine as the one that says it.
        """
        assert extra is not None
        machine = self._machines[extra["worker"]]
        try:
            while True:
                said = await comm.read()
                for message in said if isinstance(said, list | tuple) else (said,):
                    if not isinstance(message, dict) or message.get("op") == "close-stream":
                        return
                    frame = message.get("frame")
                    if message.get("op") == OP and isinstance(frame, bytes):
                        self._tell(Passed(machine, frame))
        except CommClosedError:
            return
        finally:
            await comm.close()

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
            if machine not in self._full and self._unsent(address) > MOST_UNSENT:
                self._full.add(machine)
                self._tell(Full(machine, full=True))
                if not self._drain.is_running():
                    self._drain.start()

    async def disconnect(self, machine: int, last: bytes) -> None:
        """End the connection of a machine, after a last frame. What waits to be sent is dropped."""
        address = self._address_of(machine)
        if address is not None:
            self.stream_comms[address].buffer.clear()
            if last:
                self.send(machine, last)
            with suppress(TimeoutError, OSError):  # it does not read any more: nothing is lost but the last word
                await self.stream_comms[address].close(timeout=timedelta(seconds=2))
            await self.remove_worker(address, stimulus_id="dismissed", close=False)

    def _look_at_full(self) -> None:
        """Tell the daemon of each machine that has taken most of what waited for it, or has gone."""
        for machine in tuple(self._full):
            address = self._address_of(machine)
            if address is None or self._unsent(address) < MOST_UNSENT // 2:
                self._full.discard(machine)
                self._tell(Full(machine, full=False))
        if not self._full:
            self._drain.stop()

    def _unsent(self, address: str) -> int:
        """Return how many bytes wait to be sent to a machine: in Dask's queue, and behind it in Tornado's."""
        stream = self._streams[address].stream  # type: ignore[attr-defined]
        queued = sum(len(message.get("frame", b"")) for message in self.stream_comms[address].buffer)
        return queued + (len(stream._write_buffer) if stream is not None else 0)  # as Dask does

    def _address_of(self, machine: int) -> str | None:
        return next((address for address, number in self._machines.items() if number == machine), None)

    async def _heard_of(self, comm: Comm, address: str, **said: Any) -> Any:
        """Take a heartbeat, which comes on another connection of a machine. None is taken for another machine."""
        stream = self._streams.get(address)
        if stream is None or stream.closed() or _certificate(stream) != _certificate(comm):
            return {"status": "missing"}
        return self.heartbeat_worker(address=address, **said)


def _certificate(comm: Comm) -> bytes:
    """Return what the other side of a connection has shown (DER)."""
    shown: bytes = comm.stream.socket.getpeercert(binary_form=True)  # type: ignore[attr-defined]
    return shown
