"""Dask as the pool uses it, the same on both sides and whatever the user's own settings of Dask are.

Dask unpickles whatever a peer marks as pickled, before anybody asks for it and with no setting against it
(`distributed.protocol.core.loads`). Unpickling runs code. In the pool only our own frames travel, as bytes in Dask's
messages of msgpack, so nothing needs a pickle, and none is opened.
"""

from __future__ import annotations

import logging
import ssl
import warnings
from typing import NoReturn

import dask
from distributed.protocol import pickle
from distributed.security import Security

OP = "sorterd"
"""The name of our messages among Dask's own."""


class PickleRefused(Exception):
    """A peer sent a pickle. It was not opened."""


_SETTINGS: dict[str, object] = {
    "distributed.comm.compression": None,  # videos are compressed, and what is unpacked may be huge
    "distributed.comm.timeouts.connect": "10s",
    "distributed.comm.timeouts.tcp": "20s",  # how soon a cut network is noticed by the one who sends
    "distributed.worker.profile.enabled": False,  # a thread of its own, for pages that are not served
    "distributed.admin.system-monitor.gil.enabled": False,
    # How busy Dask is, which nobody asks: it looked 50 times a second, a fiftieth of a processor in each process.
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.cycle": "10s",
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.diagnostics.nvml": False,
}


def set_up() -> None:
    """Call this first, before a scheduler or a worker is made, in a process that does nothing but pool work."""
    dask.config.refresh(paths=[], env={})
    dask.config.set(_SETTINGS)
    pickle.loads = _refused  # all of Dask looks it up in this one module
    warnings.filterwarnings("ignore", module="distributed")  # of addresses that nobody asked for
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # tracebacks and addresses; we say what has happened


def security(identity: str, trusted: str) -> Security:
    """Return the terms of a connection: encrypted, and both sides show certificates, of authorities in `trusted`.

    `identity` is one's own key and certificate. Both are PEM. Neither side compares the other's name with its address,
    which may change; each authority has signed for one purpose only.
    """
    key, certificate = {}, {}
    for role in ("scheduler", "worker", "client"):
        key[f"tls_{role}_key"], certificate[f"tls_{role}_cert"] = identity, identity
    return Security(
        require_encryption=True, tls_ca_file=trusted, tls_min_version=ssl.TLSVersion.TLSv1_3, **key, **certificate
    )


def _refused(*_arguments: object, **_named: object) -> NoReturn:
    raise PickleRefused("a pickle is never opened here")
