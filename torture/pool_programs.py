"""The service and a machine, both with the worker that notes what it begins.

`python -m torture.pool_programs service --config FILE run`, or `... machine INVITATION ADDRESS STATE [VIDEOS]`; of an
odd kind with `machine:KIND`, see `outsiders`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import support.cheap_service

ROOT = Path(__file__).parents[1]
_PATHS = [str(ROOT), str(ROOT / "tests")]
WORKER = (sys.executable, "-c", f"import sys; sys.path[:0] = {_PATHS!r}; import torture.noting_worker as it; it.main()")


def program(what: str) -> tuple[str, ...]:
    """Return the command for "service" or "machine"."""
    code = f"import sys; sys.path[:0] = {_PATHS!r}; import torture.pool_programs as it; sys.exit(it.main())"
    return (sys.executable, "-c", code, what)


def main() -> int:
    """Run one of them."""
    what, _, kind = sys.argv.pop(1).partition(":")
    if what == "service":
        support.cheap_service.WORKER = WORKER
        return int(support.cheap_service.main())
    import pool.cheap_machine

    from torture import outsiders

    pool.cheap_machine.WORKER = WORKER
    outsiders.become(kind)
    pool.cheap_machine.main(*sys.argv[1:])
    return 0
