"""`review --web`: serve the review page. If no service runs, run its loop while the page is open."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from threading import Event, Thread

from sorterd.activity import ServiceLog
from sorterd.commands.browser import folder_of_snap, opened_in_browser
from sorterd.commands.context import asking, configured, known, to_serve
from sorterd.commands.failure import CommandFailed
from sorterd.commands.library import refuse_state_of_another
from sorterd.config import Config
from sorterd.daemon.app import RunOptions
from sorterd.daemon.live import ask_live
from sorterd.daemon.service import run_service
from sorterd.daemon.signals import heard
from sorterd.service.control import ask
from sorterd.service.lock import holder
from sorterd.service.program import InstalledProgram
from sorterd.store.homes import holds_state

ANSWER_SECONDS = 90.0
LIVE_SECONDS = 1.0
LOOK_SECONDS = 5.0
UNUSED_SECONDS = 3600.0
OPENER = "open-review.html"
OPENER_IN_SNAP = "sorterd-open-review.html"


def review_page(options: argparse.Namespace, run_options: RunOptions | None = None) -> int:
    """Serve the page until Ctrl-C."""
    if options.json:
        raise CommandFailed("--json prints the list, --web shows it in a browser: choose one of them")
    program = InstalledProgram()
    config, root = asking(options)
    refuse_state_of_another(config, root)
    runs = holder(config.state_dir) is not None
    if not runs:
        config = configured(options, quiet=True)
    with known(config):  # an unreadable database is reported here, not on the page
        pass
    with _page(config, options.port or 0) as (address, requests):
        print(address, flush=True)
        with (
            _opener(config, address) as opener,
            _ended_unused(requests, UNUSED_SECONDS) if options.while_used else nullcontext(),
        ):
            if not options.no_open:
                opened_in_browser(opener)
            if runs:
                _until_ended(config.state_dir, program)
            else:
                run_service(
                    config, run_options or RunOptions(), ServiceLog().write, lambda: to_serve(options, running=True)
                )
    return 0


@contextmanager
def _page(config: Config, port: int) -> Iterator[tuple[str, Callable[[], int]]]:
    """Serve the page. Yield its first address, and what tells the number of requests. Raise CommandFailed."""
    try:
        from sorterd.web.actions import Actions
        from sorterd.web.address import address_of
        from sorterd.web.app import site
        from sorterd.web.facts import places
        from sorterd.web.guard import Access
        from sorterd.web.library import PagedLibrary
        from sorterd.web.server import CannotListen, listening, serving
        from sorterd.web.session import Session
    except ModuleNotFoundError as error:
        raise _without(error) from error
    address = address_of(config.web.listen)
    encrypted = not (address.local or config.web.insecure)
    try:
        opened = listening(address.listen, port)
        certificate = _certificate(config, {*address.hosts, address.host}) if encrypted else None
    except CannotListen as error:
        raise CommandFailed(str(error)) from error
    access = Access(opened.getsockname()[1], address.hosts, "https" if encrypted else "http")
    library = PagedLibrary(config, Session(), lambda: ask_live(config.state_dir, LIVE_SECONDS))
    actions = Actions(
        lambda request: ask(config.state_dir, request, ANSWER_SECONDS), lambda video: places(config, video)
    )
    with serving(site(library, actions, access), opened, certificate) as requests:
        yield f"{access.scheme}://{address.host}:{access.port}/?token={access.token}", requests


def _certificate(config: Config, hosts: Collection[str]) -> Path:
    """Return the certificate for these names, and say how to know it. Raise CommandFailed."""
    try:
        from sorterd.web.certificate import certificate
    except ModuleNotFoundError as error:
        raise _without(error) from error
    names = {host.removeprefix("[").removesuffix("]") for host in hosts} - {"*"}
    try:
        config.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = certificate(config.state_dir, names, now=datetime.now(UTC))
    except OSError as error:
        raise CommandFailed(f"the certificate for the page cannot be kept in {config.state_dir}: {error}") from error
    print(
        "The browser will warn that it does not know who made the certificate. It is the right one if its SHA-256 "
        f"fingerprint is\n{made.fingerprint}",
        file=sys.stderr,
    )
    return made.path


def _without(error: ModuleNotFoundError) -> Exception:
    return (
        error
        if (error.name or "").startswith("sorterd")
        else CommandFailed(f"the page needs {error.name}: pip install 'sorterd[web]'")
    )


@contextmanager
def _opener(config: Config, address: str) -> Iterator[Path]:
    """Yield a private file that redirects a browser to the address.

    The address itself must not be an argument of the browser's process, where every user could read the token.
    """
    config.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    snap = folder_of_snap(config.state_dir)
    path = config.state_dir / OPENER if snap is None else snap / OPENER_IN_SNAP
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:  # noqa: PTH123
        file.write(
            f'<!doctype html><meta http-equiv="refresh" content="0;url={escape(address)}"><title>sorterd</title>\n'
        )
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _ended_unused(requests: Callable[[], int], seconds: float) -> Iterator[None]:
    """End this process, as Ctrl-C does, when no request has come for that long. A page that is shown asks all the time,
    one in a hidden tab does not."""
    over = Event()

    def watch() -> None:
        used = True
        while used:
            before = requests()
            if over.wait(seconds):
                return
            used = requests() > before
        os.kill(os.getpid(), signal.SIGTERM)

    watching = Thread(target=watch, name="unused", daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _until_ended(state_dir: Path, program: InstalledProgram) -> None:
    """Wait for Ctrl-C, as a service runs that does the work.

    Raise ProgramReplaced after an update, CommandFailed if all that the page shows was removed by `uninstall`.
    """
    over = Event()
    with heard() as signals:
        signals.listener = over.set
        while not signals.to_end:
            program.check()
            if not holds_state(state_dir):
                raise CommandFailed(f"{state_dir} was removed, so the page has nothing to show")
            over.wait(LOOK_SECONDS)
            over.clear()
