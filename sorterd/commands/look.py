"""Learn what the user has done on the disk a moment ago, before a command shows what is known."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from contextlib import suppress

from sorterd.commands.context import known
from sorterd.commands.failure import CommandFailed
from sorterd.config import Config
from sorterd.library.layout import LayoutRules
from sorterd.library.places import Place
from sorterd.library.scan import RootUnavailable
from sorterd.service.control import NoAnswer
from sorterd.service.lock import AlreadyRunning, holder
from sorterd.store.database import StoreDamaged
from sorterd.store.homes import holds_state
from sorterd.store.reading import is_older
from sorterd.sync.unchanged import unchanged

SECONDS = 10.0  # that a command waits for the service at most; it can do without


def look(config: Config, root: Place, *, settling: Collection[str] = ()) -> None:
    """Have a sync done by the service, or here if none runs and anything has changed. For `settling` see `carry_out`.

    If that is impossible now (the disk is away, another command works, the state cannot be written), the command shows
    what was known before. Raise StoreError.
    """
    if root.trouble is not None or not holds_state(config.state_dir) or not os.access(config.state_dir, os.W_OK):
        return
    with suppress(CommandFailed, NoAnswer, AlreadyRunning, RootUnavailable):
        # Each reader copies the whole of an older database. To open one for writing would check all that is in it.
        if holder(config.state_dir) is None and not is_older(config.state_dir) and _nothing_new(config):
            return
        from sorterd.commands.carry_out import carry_out

        carry_out(config, root, {"do": "look"}, settling=settling, seconds=SECONDS)


def _nothing_new(config: Config) -> bool:
    rules = LayoutRules.of(config.watch.extensions, config.watch.ignore)
    try:
        with known(config) as store:
            return unchanged(config.videos, rules, store, now=time.time())
    except StoreDamaged:  # who opens it for writing repairs it
        return False
