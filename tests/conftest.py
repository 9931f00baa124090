"""What every test may rely on."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import structlog
from support.running import LIBRARY, Running, Words
from support.simulation import Simulation, new_simulation
from support.small_process import do_not_wait, set_no_deadlines
from support.workspace import Workspace

from sorterd import log
from sorterd.store.journal_file import JOURNAL
from sorterd.store.store import Store

# Before NumPy is imported: threads of OpenBLAS wait by spinning (see `worker.host.process`).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# What the tests start need not compile the modules each time, wherever this is set: that takes 0.15 s of each start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

set_no_deadlines()


# What takes seconds: real models, real services, a kill at each step. `make test-fast` leaves it out.
SLOW = (
    "captions/test_programs.py",
    "classifier",
    "commands/test_by_hand.py",
    "commands/test_config.py",
    "commands/test_disk_away.py",
    "commands/test_file_and_confirm.py",
    "commands/test_find.py",
    "commands/test_interrupted.py",
    "commands/test_just_now.py",
    "commands/test_light.py",
    "commands/test_log_and_undo.py",
    "commands/test_one_state.py",
    "commands/test_service_command.py",
    "commands/test_setup.py",
    "commands/test_setup_at_terminal.py",
    "commands/test_suggest.py",
    "commands/test_uninstall.py",
    "daemon/test_library_machine.py",
    "demo",
    "docs/test_commands.py",
    "docs/test_in_chromium.py",
    "doctor",
    "features",
    "find/test_meaning.py",
    "hardship",
    "library/test_move_faults.py",
    "library/test_places.py",
    "pool/test_in_service.py",
    "pool/test_machine.py",
    "pool/test_session.py",
    "pool/test_trust.py",
    "service",
    "sorting/test_cut_short.py",
    "sorting/test_filing_killed.py",
    "store/test_absent.py",
    "store/test_backlog.py",
    "sync/test_reconcile_always.py",
    "test_cli.py",
    "test_package.py",
    "web/test_in_chromium.py",
    "web/test_suggested_in_chromium.py",
    "worker/child/test_main.py",
    "worker/child/test_training_again.py",
    "worker/decoder",
    "worker/host",
    "worker/test_end_to_end.py",
)


_SLOW = {str(Path(__file__).parent / place) for place in SLOW}


def _slow(path: Path) -> bool:
    return any(str(place) in _SLOW for place in (path, *path.parents))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import what is slow when it is left out: that imports torch and transformers."""
    return True if config.option.markexpr == "not slow" and _slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and begin with it: what is quick fills the time until the last core is done."""
    for item in items:
        if _slow(item.path):
            item.add_marker("slow")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection(session: pytest.Session) -> None:  # noqa: ARG001
    """Look for no garbage among the modules that are imported now: that takes a quarter of the time, and none is."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:  # noqa: ARG001
    """Look for garbage among what the tests make, but not among all that was imported."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Tests that see whether syncing is done put their own in place of these."""
    with pytest.MonkeyPatch.context() as patch:
        do_not_wait(patch.setattr)
        yield


@pytest.fixture(autouse=True)
def _logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command inside a test sends the log to the stderr of that test, which is closed when the next one runs."""
    monkeypatch.setattr(log, "_configuration", None)
    yield
    structlog.reset_defaults()


_numbers = count()


@pytest.fixture(autouse=True)
def _own_default_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who run the tests may have libraries of their own, and narrow terminals."""
    monkeypatch.setenv("COLUMNS", "200")  # what is printed holds the names of temporary folders, which may be long
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / f"default-state-{next(_numbers)}"))


@pytest.fixture
def sim() -> Iterator[Simulation]:
    """An empty simulated disk."""
    sim = new_simulation()
    yield sim
    sim.files.connection.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path)
    yield store
    store.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state")
    yield workspace
    workspace.close()


@pytest.fixture
def running(workspace: Workspace) -> Running:
    """A daemon on a library with some cats and dogs."""
    workspace.lay_out(LIBRARY)
    return Running(workspace, Words(workspace.clock))


@pytest.fixture
def shared_workspace() -> Iterator[Workspace]:
    """In a folder that other users can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    workspace = Workspace(folder / "videos", folder / "state")
    workspace.state.chmod(0o777)
    (workspace.state / JOURNAL).chmod(0o666)
    yield workspace
    workspace.close()
    shutil.rmtree(folder)
