"""Check that Python and the packages are installed in versions that this sorterd supports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata

from packaging.requirements import Requirement

from sorterd import __version__
from sorterd.doctor.finding import Finding, ok, problem, warning

OLDEST_PYTHON = (3, 11)
REINSTALL = "install sorterd again with pip, in a virtual environment of its own"


def check_software() -> Iterator[Finding]:
    """Check the running interpreter and the installed packages, without importing them."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield problem("python", f"Python {version}", "install Python 3.11 or newer and make the environment again")
    else:
        yield ok("python", f"Python {version}, sorterd {__version__}")
    try:
        wanted = metadata.requires("sorterd") or []
    except metadata.PackageNotFoundError:
        yield warning("packages", "sorterd is not installed, only its source is here", REINSTALL)
        return
    yield judge_packages(wanted, installed_version)


def installed_version(package: str) -> str | None:
    """Return the version of an installed package, None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def judge_packages(wanted: Sequence[str], version_of: Callable[[str], str | None]) -> Finding:
    """Return which requirements (as in pyproject.toml) are not met. Those for only some systems are ignored."""
    missing, unfit, named = [], [], []
    for requirement in map(Requirement, wanted):
        name, version = requirement.name, version_of(requirement.name)
        if requirement.marker is not None:
            continue
        if version is None:
            missing.append(name)
        elif not requirement.specifier.contains(version, prereleases=True):
            unfit.append(f"{name} {version} (needed: {requirement.specifier})")
        elif name in ("torch", "faster-whisper", "av", "watchdog"):
            named.append(f"{name} {version}")
    if missing or unfit:
        return problem("packages", ", ".join([*(f"{name} is missing" for name in missing), *unfit]), REINSTALL)
    return ok("packages", ", ".join(named))
