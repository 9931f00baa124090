"""The wheel and the source distribution: what is in them, and that the wheel works where it is installed.

They are built without isolation, and the virtual environment finds the libraries of the one that runs the tests: to
install these from nothing takes minutes and the network. That pip can find them all is what `.ci/run` shows.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from demo.checks import (
    check_artifacts,
    check_that_moved_clips_lie_where_they_belong,
    check_that_words_tell_folders_with_the_same_pictures_apart,
    check_what_was_heard,
)

import sorterd

ROOT = Path(__file__).parents[1]
BUILD = (
    "import sys; into = sys.argv[1]; from setuptools import build_meta as b; b.build_sdist(into); b.build_wheel(into)"
)
NOT_OURS = (".git", ".venv", ".*_cache", ".hypothesis", "build", "dist", "demo-library", "*.egg-info", "shared")
MINUTES = 5 * 60.0


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT, folder / "source", symlinks=True, ignore=shutil.ignore_patterns(*NOT_OURS))
    (folder / "source" / "sorterd" / ".DS_Store").write_bytes(b"of this machine")
    (folder / "source" / "sorterd" / "samples" / ".DS_Store").write_bytes(b"of this machine")
    (folder / "built").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder / "built")],
        cwd=folder / "source",
        capture_output=True,
        text=True,
        timeout=MINUTES,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "built"


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `sorterd` of a virtual environment into which the wheel was installed."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    (packages,) = venv.glob("lib/python*/site-packages")
    libraries = [path for path in sys.path if path.endswith("-packages")]
    (packages / "libraries.pth").write_text("\n".join(libraries) + "\n")  # a path alone: no editable install is found
    return venv / "bin" / "sorterd"


def of_the_package() -> set[str]:
    """Return the files of the package in the repository."""
    files = (path for path in (ROOT / "sorterd").rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(ROOT)) for path in files}


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert inside == of_the_package()
        assert archive.read("sorterd/config.example.yaml") == (ROOT / "config.example.yaml").read_bytes()
    assert {"sorterd/py.typed", "sorterd/samples/expected.json", "sorterd/service/unit.py"} <= inside


def test_the_source_distribution_holds_what_its_users_read_and_copy_but_no_tests(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert of_the_package() <= inside
    assert {"README.md", "LICENSE", "CHANGELOG.md", "config.example.yaml", "docs/architecture.md"} <= inside
    assert {"systemd/sorterd.service", "launchd/org.sorterd.sorterd.plist"} <= inside
    top = {name.partition("/")[0] for name in inside}
    assert not top & {"tests", "torture", "tools", "benchmarks", ".venv", ".git", ".github", ".ci"}
    assert not {name for name in inside if name.endswith((".DS_Store", ".pyc"))}


def test_the_metadata_is_complete_and_the_version_comes_from_the_code(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("METADATA"))
        text = archive.read(name).decode()
    metadata = message_from_string(text)
    assert metadata["Version"] == sorterd.__version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Author"]
    assert metadata["Keywords"]
    assert {"Operating System :: MacOS", "Operating System :: POSIX :: Linux"} <= set(
        metadata.get_all("Classifier", [])
    )
    assert str(metadata.get_payload()).strip() == (ROOT / "README.md").read_text().strip()
    assert "version" not in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_installed_program_sorts_its_samples_and_learns_from_drags(program: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        variables = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": ""}
        done = subprocess.run(
            [program, *arguments],
            cwd=tmp_path,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=MINUTES,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("--version") == f"sorterd {sorterd.__version__}\n"
    found = subprocess.run(
        [program.with_name("python"), "-P", "-c", "import sorterd; print(sorterd.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert Path(found.stdout).is_relative_to(program.parents[1]), "the test has run another sorterd"
    said = run("demo")
    assert "Of 14 unsorted clips 12 are filed now" in said
    assert said.rstrip().endswith("run --dry-run")
    check_that_moved_clips_lie_where_they_belong(tmp_path / "demo-library")
    check_artifacts(tmp_path / "demo-library")
    check_what_was_heard(tmp_path / "demo-library")
    check_that_words_tell_folders_with_the_same_pictures_apart(tmp_path / "demo-library")
