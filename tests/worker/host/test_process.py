"""A child ends together with all that it has started."""

import os
import signal
import sys
from pathlib import Path

import pytest

from sorterd.worker.host.process import Child
from worker.child.test_main import wait_for_end


@pytest.mark.skipif(sys.platform != "linux", reason="needs pidfds")
def test_processes_that_a_crashed_child_left_behind_are_ended() -> None:
    child = Child(("sh", "-c", "sleep 60 <&- >&- 2>&- & echo $!; kill -SEGV $$"))
    os.set_blocking(child.stdout.fileno(), True)
    grandchild = int(child.stdout.readline())
    assert child.end(5.0) == -signal.SIGSEGV
    child.close()
    assert wait_for_end(grandchild, 5.0)


def test_no_library_records_or_reports_its_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ONNX Runtime, which detects speech, makes up a number for this computer and reports its use to its makers."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY"):
        monkeypatch.delenv(name, raising=False)
    code = "from faster_whisper.vad import get_vad_model; get_vad_model(); print('there')"
    child = Child((sys.executable, "-c", code))
    os.set_blocking(child.stdout.fileno(), True)
    assert child.stdout.read() == b"there\n"
    assert child.end(30.0) == 0
    child.close()
    assert list(tmp_path.iterdir()) == []
