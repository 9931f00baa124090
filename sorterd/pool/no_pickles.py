"""Make Dask refuse pickles.

Dask unpickles whatever a peer marks as pickled, before anybody asks for it and with no setting against it
(`distributed.protocol.core.loads`). Unpickling runs code. In the pool only our own frames travel, as bytes in Dask's
messages of msgpack, so nothing needs a pickle. Call `refuse` in a process that does nothing but pool work.
"""

from __future__ import annotations

from typing import NoReturn

from distributed.protocol import pickle


class PickleRefused(Exception):
    """A peer sent a pickle. It was not opened."""


def refuse() -> None:
    """Refuse pickles in this process from now on. All of Dask looks the function up in this one module."""
    pickle.loads = _refused


def _refused(*_arguments: object, **_named: object) -> NoReturn:
    raise PickleRefused("a pickle is never opened here")
