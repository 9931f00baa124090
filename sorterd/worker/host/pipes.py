"""Wait for the pipes of a child process, and for a bell, in one place."""

from __future__ import annotations

import selectors

from sorterd.worker.host.bell import Bell
from sorterd.worker.host.process import Child, read_now
from sorterd.worker.host.stderr import StderrLines


class Pipes:
    """Used on one thread, in a `with` block. What the child prints goes to `lines`."""

    def __init__(self, child: Child, bell: Bell, lines: StderrLines) -> None:
        self._stdin, self._stdout, self._stderr = (pipe.fileno() for pipe in (child.stdin, child.stdout, child.stderr))
        self._bell, self._lines = bell, lines
        self._selector = selectors.DefaultSelector()
        for fd in (bell.fileno(), self._stdout, self._stderr):
            self._selector.register(fd, selectors.EVENT_READ)

    def __enter__(self) -> Pipes:
        return self

    def __exit__(self, *_error: object) -> None:
        self._selector.close()

    def wait(self, *, unsent: bool, seconds: float | None = None) -> bytes | None:
        """Wait until something happens or the seconds are over. Return what the child says, b"" at its end.

        Return None if it says nothing. `unsent`: there is more to write to it than its pipe took.
        """
        if unsent != (self._stdin in self._selector.get_map()):
            if unsent:
                self._selector.register(self._stdin, selectors.EVENT_WRITE)
            else:
                self._selector.unregister(self._stdin)
        ready = {key.fd for key, _ in self._selector.select(seconds)}
        if self._bell.fileno() in ready:
            self._bell.hear()
        if self._stderr in ready:
            if data := read_now(self._stderr):
                self._lines.feed(data)
            elif data is not None:
                self._selector.unregister(self._stderr)
        return read_now(self._stdout) if self._stdout in ready else None
