"""A small process that starts others for the worker, which gives up starting any before it opens a video (seccomp).

It is forked before the worker has threads, handles no file itself, and does two things on request: fork a process that
serves one end of a socket, and end such a process and tell how it ended. (Python's own multiprocessing.forkserver does
the same, with pickles.)
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import NoReturn

from sorterd.worker.decoder.serve import Program, serve
from sorterd.worker.sandbox import landlock, limits

_NUMBER = struct.Struct("=i")
_LONGEST_NAME = 64

Load = Callable[[], Program]
"""Imports what a program needs. Runs in the fork server, so that its processes share that memory."""


class ForkServer:
    """Started when created, so create it before there are threads. Its methods may be called from any thread.

    `programs` are what its processes may do, by name. Raise OSError from its methods if the server itself has ended.
    """

    def __init__(self, programs: Mapping[str, Load]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one_at_a_time = threading.Lock()
        self.pid = os.fork()
        if self.pid == 0:
            _serve_requests(theirs, programs)
        theirs.close()

    def start(self, program: str) -> tuple[int, socket.socket]:
        """Start a process. Return its number, and the socket through which it serves one order after the other."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._one_at_a_time:
            socket.send_fds(self._control, [program.encode()], [theirs.fileno()])
            return self._answer(), ours

    def end(self, pid: int) -> int:
        """Kill the process of this number, unless it has ended already. Return its exit status as subprocess does."""
        with self._one_at_a_time:
            self._control.send(_NUMBER.pack(pid))
            return self._answer()

    def close(self) -> None:
        """End the server and all that it started."""
        self._control.close()
        os.waitpid(self.pid, 0)

    def _answer(self) -> int:
        data = self._control.recv(_NUMBER.size)
        if len(data) != _NUMBER.size:
            raise ConnectionError("the process that starts decoders has ended")
        number: int = _NUMBER.unpack(data)[0]
        return number


def _serve_requests(control: socket.socket, programs: Mapping[str, Load]) -> NoReturn:
    """Answer requests until the worker has ended."""
    try:
        _keep_only(control)
        control = socket.socket(fileno=0)
        limits.end_with_parent()
        for stopped in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the worker is ended by these, and so are we
            signal.signal(stopped, signal.SIG_IGN)
        started: set[int] = set()
        while True:
            request, files, _flags, _address = socket.recv_fds(control, _LONGEST_NAME, 1)
            if not request:
                break
            if files:
                answer = _fork(files[0], programs[request.decode()])
                os.close(files[0])
                started.add(answer)
            else:
                pid = _NUMBER.unpack(request)[0]
                started.remove(pid)
                os.kill(pid, signal.SIGKILL)
                answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            control.send(_NUMBER.pack(answer))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(0)  # its processes are killed with it


def _fork(channel: int, load: Load) -> int:
    program = load()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            _keep_only(channel)
            limits.apply_to_decoder()
            landlock.confine([])
            serve(socket.socket(fileno=0), program)
            status = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            sys.stderr.flush()
            os._exit(status)
    return pid


def _keep_only(channel: int | socket.socket) -> None:
    """Make a socket file descriptor 0, and close all others but stdout and stderr.

    Or the daemon would not see the worker's pipes close when the worker ends.
    """
    number = channel if isinstance(channel, int) else channel.detach()
    os.dup2(number, 0)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
