"""Check that Python and the packages are installed in versions that this sorterd supports."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata

from sorterd import __version__
from sorterd.doctor.finding import Finding, ok, problem, warning

OLDEST_PYTHON = (3, 11)
REINSTALL = "install sorterd again with pip, in a virtual environment of its own"
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?\s*\(?(?P<bounds>[^);]*)\)?\s*(;(?P<marker>.*))?")
_BOUND = re.compile(r"(?P<sign>>=|<=|==|<|>)\s*(?P<version>[\d.]+)")


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
    for requirement in wanted:
        match = _REQUIREMENT.fullmatch(requirement.strip())
        if match is None or match["marker"]:
            continue
        name, version = match["name"], version_of(match["name"])
        if version is None:
            missing.append(name)
        elif not _fits(version, match["bounds"]):
            unfit.append(f"{name} {version} (needed: {match['bounds'].strip()})")
        elif name in ("torch", "faster-whisper", "av", "watchdog"):
            named.append(f"{name} {version}")
    if missing or unfit:
        return problem("packages", ", ".join([*(f"{name} is missing" for name in missing), *unfit]), REINSTALL)
    return ok("packages", ", ".join(named))


def _fits(version: str, bounds: str) -> bool:
    have = _numbers(version)
    return all(_within(have, bound["sign"], _numbers(bound["version"])) for bound in _BOUND.finditer(bounds))


def _within(version: tuple[int, ...], sign: str, limit: tuple[int, ...]) -> bool:
    width = max(len(version), len(limit))
    have, want = (numbers + (0,) * (width - len(numbers)) for numbers in (version, limit))
    return {">=": have >= want, "<=": have <= want, "==": have == want, "<": have < want, ">": have > want}[sign]


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of versions such as `2.5.1+cu121` and `3.0.0rc1`. The rest is ignored."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()
