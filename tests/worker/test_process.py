"""A child ends, with all that it has started."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from sorterd.worker.process import Child
from worker.test_child import wait_for_end


@pytest.mark.skipif(sys.platform != "linux", reason="needs pidfds")
def test_what_a_child_left_behind_when_it_crashed_is_ended() -> None:
    child = Child(("sh", "-c", "sleep 60 <&- >&- 2>&- & echo $!; kill -SEGV $$"))
    os.set_blocking(child.stdout.fileno(), True)
    grandchild = int(child.stdout.readline())
    assert child.end(5.0) == -signal.SIGSEGV
    child.close()
    assert wait_for_end(grandchild, 5.0)
