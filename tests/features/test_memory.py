import sys
from pathlib import Path

import pytest
from support.films import film
from support.other_process import printed

SCRIPT = """
from pathlib import Path
from sorterd.features import memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

pieces = [bytearray(100_000) for _ in range(1000)]  # small enough for the heap
kept = pieces[::100]
del pieces
before = resident()
memory.give_back()
assert before - resident() > 50_000_000, (before, resident())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_free_memory_between_used_blocks_is_given_back() -> None:
    printed(SCRIPT)


SHORT_OF_MEMORY = """
import os, resource, sys
from pathlib import Path
from sorterd.features.clip import read_clip
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import PictureShape

status = Path("/proc/self/status").read_text()
used = int(status.split("VmData:")[1].split()[0]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (used + int(sys.argv[2]) * 2**20,) * 2)
try:
    read_clip(os.fsencode(sys.argv[1]), 5, PictureShape(224), sound=True)
except MemoryError:
    print("no memory")
except UnreadableVideo as error:
    print(error.reason)
"""


@pytest.fixture(scope="module")
def large_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("films") / "a.mp4", size=(3840, 2160), seconds=0.3)


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not enforce the limit")
@pytest.mark.parametrize("megabytes", [5, 40])
def test_a_good_video_is_not_called_damaged_because_memory_is_short(large_film: Path, megabytes: int) -> None:
    assert printed(SHORT_OF_MEMORY, large_film, str(megabytes)) == "no memory\n"
