"""Who has no pool pays nothing for it."""

import subprocess
import sys

LOADS = """
import sys
import sorterd.daemon.service, sorterd.commands.run, sorterd.pool.home.link
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"distributed", "dask", "tornado", "cryptography"}))
"""


def test_the_daemon_imports_nothing_of_dask_and_nothing_that_makes_certificates() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADS], check=True, capture_output=True, text=True, timeout=60)
    assert loaded.stdout.strip() == ""
