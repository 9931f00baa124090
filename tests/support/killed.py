"""A process that is killed in the middle of what it does: really, and at every step that it takes in the database."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from typing import NoReturn

import pytest

from support.faults import as_if_other_disk
from support.workspace import Workspace

_FINISHED, _KILLED = 0, 9


def killed_at_every_step(
    prepare: Callable[[], Workspace], act: Callable[[Workspace], object], disk: str = "same disk"
) -> Iterator[Workspace]:
    """For each SQL statement of `act`: a workspace made by `prepare`, in which `act` was killed right before it.

    The workspace is closed for the killed process and handed out open again; close it. Ends when `act` gets through.
    """
    with pytest.MonkeyPatch.context() as patch:
        if disk == "other disk":
            as_if_other_disk(patch.setattr)
        for step in count(1):
            workspace = prepare()
            workspace.close()
            child = os.fork()
            if child == 0:
                _act_until(step, workspace, act)
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            assert code in (_FINISHED, _KILLED), "it failed in another way"
            workspace.open()
            yield workspace
            if code == _FINISHED:
                assert step > 1
                return


def _act_until(step: int, workspace: Workspace, act: Callable[[Workspace], object]) -> NoReturn:
    """In the child: nothing that Python would do at its end may happen, so it ends by `os._exit`."""
    code = 1
    try:
        workspace.open()
        steps = count(1)
        last = ""

        def trace(statement: str) -> None:
            nonlocal last
            # What a trigger does is told as a comment, and then the statement that set it off is told again.
            if statement != last and not statement.startswith(("--", "PRAGMA")) and next(steps) == step:
                os._exit(_KILLED)
            last = last if statement.startswith("--") else statement

        workspace.store.connection.set_trace_callback(trace)
        act(workspace)
        code = _FINISHED
    finally:
        os._exit(code)
