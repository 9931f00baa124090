"""A cable between a machine and home that can be cut: connections stay open, and nothing arrives any more."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress


class Relay:
    """Listens at a port of this computer, and passes bytes on to another port, on a thread of its own."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._whole = asyncio.Event()
        self._whole.set()
        self._tasks: set[asyncio.Task[None]] = set()
        threading.Thread(target=self._loop.run_forever, name="relay", daemon=True).start()
        self.port: int = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def cut(self) -> None:
        """Let nothing through from now on."""
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self) -> None:
        """End the connections that were cut, as a router does that has forgotten them, and let new ones through."""

        def now() -> None:
            for task in self._tasks:
                task.cancel()
            self._whole.set()

        self._loop.call_soon_threadsafe(now)

    def close(self) -> None:
        """End all connections."""
        self.mend()
        self._loop.call_soon_threadsafe(self._loop.call_later, 0.2, self._loop.stop)

    async def _listen(self) -> int:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return int(server.sockets[0].getsockname()[1])

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._whole.wait()
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        there: asyncio.StreamWriter | None = None
        with suppress(OSError, asyncio.CancelledError):
            far, there = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(self._pump(reader, there), self._pump(far, writer))
        self._tasks.discard(task)
        for end in filter(None, (writer, there)):
            end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            await self._whole.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError  # one end has gone: so does the other
