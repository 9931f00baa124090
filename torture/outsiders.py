"""Machines that must not help: who they are, what the service says of them, and how a machine becomes one."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from sorterd.pool import authority
from sorterd.pool.authority import certificate_pem

SENTENCES = {
    "stranger": "was refused: it has no valid invitation",
    "wrong space": "three gets no work: its models make features of words-2, and home needs words-1",
    "wrong vectors": "three gets no work: it sees cats/tabby-on-the-rug.mp4 otherwise than home does",
    "another version": "three gets no work: it has sorterd 0.0.1",
    "liar about its jobs": "three gets no work: it sent an invalid message: Extracted of a job that it does not have",
    "sender of garbage": "three gets no work: it sent an invalid message: not msgpack",
}
_KIND = "TORTURE_KIND"  # in the environment of its worker


def homes(folder: Path, real: Path) -> tuple[bytes, bytes]:
    """Return the certificate of home of a stranger's own library, and the one to put in its place."""
    own, true = (certificate_pem(authority.load(where, authority.HOME).certificate) for where in (folder, real))
    return own, true


def become(kind: str) -> None:
    """Make this process a machine of that kind, "" for an honest one."""
    from sorterd.pool.machine import session
    from sorterd.pool.messages import LIMIT, Accepted
    from sorterd.worker import wire
    from sorterd.worker.report_messages import Extracted

    os.environ[_KIND] = kind
    if kind == "another version":
        session.__version__ = "0.0.1"  # type: ignore[attr-defined]
    says = {
        "liar about its jobs": wire.encode_body(Extracted(1 << 40, "0" * 32, b"", "", "", "none"), LIMIT),
        "sender of garbage": b"\xc1" * 1000,
    }.get(kind)
    if says is not None:
        accepted = wire.encode_body(Accepted(), LIMIT)
        take = session.MachineSession.take

        def lie(self: session.MachineSession, frame: bytes) -> None:
            take(self, frame)
            if frame == accepted:
                self.send(says)

        session.MachineSession.take = lie  # type: ignore[method-assign]


def skewed(report: Any) -> Any:
    """Return what the worker of this kind of machine reports instead."""
    from sorterd.worker.report_messages import Described, Extracted

    kind = os.environ.get(_KIND, "")
    if kind == "wrong space" and isinstance(report, Described):
        return replace(report, space="words-2")
    if kind == "wrong vectors" and isinstance(report, Extracted):
        return replace(report, vector=report.vector[4:] + report.vector[:4])
    return report
