"""A small process beside the tests, for those that fork at every step.

To fork it takes a millisecond or two. To fork the process of the tests, which has loaded PyTorch, takes 50.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, wraps
from importlib import import_module
from multiprocessing import get_context
from typing import Any

from hypothesis import settings

from sorterd.store import database
from support.faults import SetAttribute
from support.unsynced import UnsyncedConnection


def in_small_process(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test of a module there. Its fixtures must be such that pickle knows: a path, but no monkeypatch."""

    @wraps(test)
    def run(**arguments: Any) -> None:
        _small_process().submit(_call, test.__module__, test.__name__, arguments).result()

    return run


@cache
def _small_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    set_no_deadlines()
    do_not_wait(setattr)


def _call(module: str, name: str, arguments: dict[str, Any]) -> None:
    getattr(import_module(module), name).__wrapped__(**arguments)


def do_not_wait(set_attribute: SetAttribute) -> None:
    """Do not wait for the disk: syncing shows only when the power is cut."""
    set_attribute(os, "fsync", lambda _descriptor: None)
    set_attribute(database, "Connection", UnsyncedConnection)


def set_no_deadlines() -> None:
    """Let hypothesis set no deadlines: a busy machine is no fault of the code."""
    settings.register_profile("sorterd", deadline=None)
    settings.load_profile("sorterd")
