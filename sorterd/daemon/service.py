"""The service in the foreground: lock, signals, watcher, control socket, service manager, around the loop."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from sorterd.activity import Reporter
from sorterd.config import Config
from sorterd.config.command import command
from sorterd.daemon.app import RunOptions, open_app
from sorterd.daemon.control_handler import ControlHandler
from sorterd.daemon.hourly_notice import HourlyNotice
from sorterd.daemon.news import news_only
from sorterd.daemon.other_machines import other_machines
from sorterd.daemon.reload import Reload
from sorterd.daemon.requests import Requests
from sorterd.daemon.signals import heard
from sorterd.daemon.silence import wait_for_answer
from sorterd.daemon.watcher import SupervisedWatcher
from sorterd.log import get_logger
from sorterd.service import desktop
from sorterd.service.control import ControlServer
from sorterd.service.lock import StateLock
from sorterd.service.notify import Notifier, watchdog_interval
from sorterd.service.program import InstalledProgram
from sorterd.worker.sandbox import confinement


def run_service(
    config: Config,
    options: RunOptions,
    report: Reporter,
    read_again: Callable[[], Config] | None = None,
    chores: Sequence[Callable[[], float]] = (),
) -> None:
    """Run until SIGINT or SIGTERM. `read_again` returns the config as it is now, for SIGHUP, or raises ConfigError.

    `chores` are done in turns of the loop. Each returns in how many seconds to come again. Raise AlreadyRunning,
    StoreError, ControlLost, ProgramReplaced or WatcherDied.
    """
    log = get_logger()
    notifier, program = Notifier.from_environment(os.environ), InstalledProgram()
    lacking = confinement.missing()
    if lacking:
        log.warning(lacking)
    current: Config | None = config
    with heard() as signals:
        while current is not None:
            reload = Reload(current, signals, notifier, read_again)
            _serve(current, options, report, reload, program, chores)
            current, options = reload.config, replace(options, accept_missing=False)
    log.info("stopped")


def _serve(
    config: Config,
    options: RunOptions,
    report: Reporter,
    reload: Reload,
    program: InstalledProgram,
    chores: Sequence[Callable[[], float]],
) -> None:
    """Run with one config, until the end is asked for or another config is there."""
    log = get_logger()
    notifier = reload.notifier
    with ExitStack() as stack:
        stack.enter_context(StateLock(config.state_dir))
        wait_for_answer(config.videos, reload.signals, notifier)
        if reload.signals.to_end:
            return
        with_pictures = replace(options, stages=options.stages | {"pictures"})
        app = stack.enter_context(
            open_app(config, with_pictures, news_only(report), lambda line: log.info("worker", line=line))
        )
        stack.enter_context(reload.passed_on(app.loop))
        # Watch first, then look: what happens in between is not missed.
        watching = stack.enter_context(SupervisedWatcher(config.videos, app.loop.hint, polling=config.watch.polling))
        requests = Requests(app.store, app.mover, app.loop.pipeline.clock)
        others = stack.enter_context(
            other_machines(config, app, report, lambda line: log.info("coordinator", line=line))
        )
        handler = ControlHandler(app, watching, requests, notifier.status, others=others)
        control = stack.enter_context(ControlServer(config.state_dir, handler.answer))
        if config.notify == "hourly":
            hourly = HourlyNotice(
                *(app.store, app.loop.pipeline, app.loop.pipeline.clock, config.move.never_into),
                command=lambda title, text: desktop.command(title, text, _review_page(config)),
                has_desktop=lambda: desktop.has_notifications(os.environ),
            )
            stack.callback(hourly.end)
            app.loop.each_turn(hourly.turn)
        for action in (program.check, reload.turn, control.check, watching.turn, handler.turn, *chores):
            app.loop.each_turn(action)
        interval = watchdog_interval(os.environ, os.getpid())
        if interval is not None:
            app.loop.each_beat(_watchdog(notifier, interval))
        notifier.ready(handler.begin())
        log.info("started", videos=str(config.videos), backend=watching.backend, pid=os.getpid())
        app.loop.run()
        if reload.config is None:
            notifier.stopping()
        app.publisher.publish()


def _review_page(config: Config) -> list[str]:
    """Return the command that opens the review page of this library and ends some time after it was last used."""
    return command(config, "review", "--web", "--while-used")


def _watchdog(notifier: Notifier, interval: float) -> Callable[[], float | None]:
    """Return an action that pings systemd's watchdog. The loop calls it, so a ping proves that the loop turns."""
    last = [float("-inf")]

    def ping() -> float:
        now = time.monotonic()
        if now - last[0] >= interval:
            notifier.watchdog()
            last[0] = now
        return last[0] + interval - now

    return ping
