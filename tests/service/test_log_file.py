"""A log kept for launchd stays short, and also holds what a crash prints.

In subprocesses, because descriptor 2 changes.
"""

import subprocess
import sys
from pathlib import Path

WRITE = """
import os, sys
from pathlib import Path
from sorterd.service.log_file import LogFile
print("before", file=sys.stderr)
log = LogFile(Path(sys.argv[1]), limit=100, kept=2)
for number in range(40):
    print(f"line {number}", file=sys.stderr)
    os.write(2, b"from a library\\n")
    log.turn()
"""


def test_a_long_log_is_put_aside_and_only_the_latest_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "Logs" / "sorterd.log"
    done = subprocess.run([sys.executable, "-c", WRITE, str(log)], capture_output=True, text=True, check=True)
    assert done.stderr == "before\n"
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == ["sorterd.log", "sorterd.log.1", "sorterd.log.2"]
    assert all(file.stat().st_size < 200 for file in files)
    text = "".join(file.read_text() for file in reversed(files))
    assert text.splitlines()[-2:] == ["line 39", "from a library"]
    numbers = [int(line.split()[1]) for line in text.splitlines() if line.startswith("line")]
    assert numbers == list(range(numbers[0], 40)), "none is missing"


def test_a_long_log_of_an_earlier_run_is_put_aside_at_the_start(tmp_path: Path) -> None:
    log = tmp_path / "sorterd.log"
    log.write_text("old\n" * 100)
    subprocess.run([sys.executable, "-c", WRITE, str(log)], capture_output=True, check=True)
    assert "old" not in log.read_text()


def test_the_service_writes_there_what_it_would_say_on_the_terminal(tmp_path: Path) -> None:
    log = tmp_path / "sorterd.log"
    command = [sys.executable, "-m", "sorterd", "--videos", str(tmp_path / "nowhere"), "run", "--log-file", str(log)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert "nowhere" in log.read_text()
