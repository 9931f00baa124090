"""`sorterd worker`: connect to home, do what it asks, and connect again when the connection was lost."""

from __future__ import annotations

import asyncio
import signal
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from distributed.security import Security

from sorterd.pool import engine
from sorterd.pool.invitation import Invitation
from sorterd.pool.machine.connection import NotTrusted, PoolWorker, Unreachable, check_trust
from sorterd.pool.machine.local_worker import LocalWorker
from sorterd.pool.machine.session import MachineSession
from sorterd.pool.machine.sleep import SleepDetector
from sorterd.worker.host.supervisor import COMMAND

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0  # seconds between two tries to connect


@dataclass(slots=True)
class PoolMachine:
    """One machine. `address` is home's, `folder` its own scratch folder, `shared` the folder of videos, if it has one.

    `say` takes sentences for the person here, `log` what the worker process prints.
    """

    invitation: Invitation
    address: str
    folder: Path
    shared: Path | None
    device: str
    say: Callable[[str], None]
    log: Callable[[str], None]
    command: Sequence[str] = COMMAND
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> str:
        """Work until SIGINT or SIGTERM. Return "" then, or the reason for which home gives no work to this machine."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        models = LocalWorker(self.folder / "models", self.device, self.log, self.command)
        (self.folder / "models").mkdir(mode=0o700, parents=True, exist_ok=True)
        security = engine.security(*self.invitation.pems)
        try:
            return await self._keep_connected(models, security)
        finally:
            await asyncio.to_thread(models.stop)

    async def _keep_connected(self, models: LocalWorker, security: Security) -> str:
        context: ssl.SSLContext = security.get_connection_args("worker")["ssl_context"]
        wait, said = _FIRST_WAIT, ""
        while not self._stopping.is_set():
            try:
                await check_trust(self.address, context)
                said = ""
                session = await self._one_connection(models, security)
                if session.accepted:  # else home may not want it now
                    wait = _FIRST_WAIT
            except NotTrusted as error:
                return str(error)
            except (Unreachable, OSError) as error:
                if str(error) != said:
                    self.say(f"{error}; trying again until it can")
                said = str(error)
            else:
                if session.dismissed:
                    return session.dismissed
                if not self._stopping.is_set():
                    self.say("the connection to home has ended; trying again")
            try:
                await asyncio.wait_for(self._stopping.wait(), wait)
            except TimeoutError:
                wait = min(2 * wait, _LONGEST_WAIT)
        return ""

    async def _one_connection(self, models: LocalWorker, security: Security) -> MachineSession:
        """Serve one connection to its end. Return what was said on it."""
        ended = asyncio.Event()
        detector = SleepDetector()
        session = MachineSession(
            models,
            self.folder,
            self.shared,
            lambda frame: worker.send(frame),
            self.say,
            ended.set,
            awake=detector.awake,
        )
        worker = PoolWorker(self.address, security, self.folder, session.take)
        try:
            async with asyncio.timeout(30):
                await worker
            self.say(f"connected to {self.address} as {self.invitation.name}")
            session.begin()
            left = worker.finished()  # type: ignore[no-untyped-call]
            ends = (left, ended.wait(), self._stopping.wait(), detector.watch())
            waits = [asyncio.ensure_future(one) for one in ends]
            _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in pending:
                one.cancel()
        except TimeoutError as error:
            raise Unreachable(f"{self.address} does not let this machine in") from error
        finally:
            session.close()
            await worker.close(timeout=5, reason="ended")
        return session
