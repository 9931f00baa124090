"""Read the config again while the service runs, for SIGHUP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sorterd.config import Config, ConfigError
from sorterd.config.differences import differences
from sorterd.daemon.loop import Loop
from sorterd.daemon.signals import Signals
from sorterd.log import get_logger
from sorterd.service.notify import Notifier


@dataclass(slots=True)
class Reload:
    """Reads the config again when a signal asks for it, and ends the loop if the config has changed.

    Everything then starts again with the new config, as after a restart. A wrong config changes nothing.
    """

    before: Config
    signals: Signals
    notifier: Notifier
    read_again: Callable[[], Config] | None
    config: Config | None = None
    _loop: Loop | None = None

    @contextmanager
    def passed_on(self, loop: Loop) -> Iterator[None]:
        """Pass signals on to `loop`, including those that came before."""
        self._loop = loop
        self.signals.listener = self._wake
        self._wake()
        try:
            yield
        finally:
            self.signals.listener = lambda: None

    def turn(self) -> None:
        """Do what a signal has asked for."""
        if not self.signals.to_reload or self._loop is None:
            return
        self.signals.to_reload = False
        self._loop.hint()  # something has changed, perhaps a mount
        log = get_logger()
        try:
            config = self.before if self.read_again is None else self.read_again()
        except ConfigError as error:
            log.error("the config was read again and is wrong: going on with what it was", reason=str(error))
            return
        changed = differences(self.before, config)
        if not changed:
            log.info("the config was read again: nothing has changed")
            return
        log.info("the config was read again", changed=changed)
        self.notifier.reloading()
        self.config = config
        self._loop.stop()

    def _wake(self) -> None:
        assert self._loop is not None
        if self.signals.to_end:
            self._loop.stop()
        elif self.signals.to_reload:
            self._loop.call(lambda: None)  # a turn follows
