"""The pool in the service: other machines that extract videos of this library."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sorterd.activity import Fault, Note, Reporter
from sorterd.config import Config
from sorterd.daemon.app import App
from sorterd.pool.home.certificates import FOLDER, Certificates
from sorterd.pool.home.link import Link, Taken
from sorterd.pool.home.pool import HELPS, Pool
from sorterd.pool.home.remote import PipelineAtHome, Terms
from sorterd.pool_address import split


class OtherMachines:
    """What `status` says of the pool."""

    def __init__(self, listen: str, pool: Pool | None, problem: str) -> None:
        self._listen, self._pool, self._problem = listen, pool, problem

    def status(self, pace: Callable[[str], float | None]) -> dict[str, Any]:
        """Return it as plain values. `pace` returns the videos per minute of a machine."""
        machines = [] if self._pool is None else self._pool.machines()
        for machine in machines:
            rate = pace(machine["name"]) if machine["state"] == HELPS else None
            machine["videos_per_minute"] = None if rate is None else round(rate, 1)
        problem = self._problem or (self._pool.problem if self._pool else "")
        return {"listen": self._listen, "problem": problem or None, "machines": machines}


@contextmanager
def other_machines(
    config: Config, app: App, report: Reporter, log: Callable[[str], None]
) -> Iterator[OtherMachines | None]:
    """Let other machines help as long as the block lasts. None if the config wants none.

    If they cannot, because something is missing, that is a fault in the log and in `status`, and no error.
    """
    if not config.pool.listen:
        yield None
        return
    certificates = Certificates(_folder(config))
    host, port = split(config.pool.listen)
    if problem := _missing(certificates):
        report(Fault("", problem))
        yield OtherMachines(config.pool.listen, None, problem)
        return
    link = Link(certificates, host, port, take=lambda message: app.loop.call(partial(take, message)), log=log)
    dispatch = app.loop.pipeline.dispatch
    home = PipelineAtHome(
        terms=partial(_terms, config, app),
        report=app.loop.inbox.put,
        stay_home=app.loop.pipeline.extracting.attempts.at_home.add,
        compare=partial(_compare, app),
    )
    pool = Pool(
        *(link, certificates, dispatch.join),
        # After the reports that are on the way, which would count against the machine otherwise.
        leave=lambda name: app.loop.call(partial(dispatch.leave, name)),
        home=home,
        say=lambda sentence: report(Note(sentence)),
        clock=app.loop.pipeline.clock,
    )

    def take(message: Taken) -> None:
        try:
            pool.take(message)
        finally:
            link.read()

    app.loop.each_turn(pool.turn)
    link.start()
    try:
        yield OtherMachines(config.pool.listen, pool, "")
    finally:
        link.stop()


def _folder(config: Config) -> Path:
    return Path(config.pool.invitations) if config.pool.invitations else config.state_dir / FOLDER


def _missing(certificates: Certificates) -> str:
    """Return why the pool cannot be opened, one sentence, or ""."""
    if importlib.util.find_spec("distributed") is None:
        return "other machines cannot connect (pool.listen): that needs Dask: pip install 'sorterd[pool]'"
    if not certificates.there():
        return "other machines cannot connect (pool.listen) before 'sorterd pool init'"
    return ""


def _terms(config: Config, app: App) -> Terms | None:
    in_use = app.loop.pipeline.in_use
    if in_use.space is None:
        return None
    return Terms(
        config.videos,
        in_use.settings,
        in_use.space,
        config.features.timeout_seconds,
        config.pictures.keep,
        may_send=config.pool.bytes == "auto",
    )


def _compare(app: App, answer: Callable[..., None]) -> None:
    space = app.loop.pipeline.space
    assert space is not None
    app.loop.pipeline.controls.ask(space, answer)
