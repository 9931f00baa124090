"""`models fetch`: get what is missing now, so that the service need not."""

from __future__ import annotations

import argparse

from sorterd.commands.context import configured
from sorterd.commands.failure import CommandFailed
from sorterd.display import printable


def fetch(options: argparse.Namespace) -> int:
    """Fetch or find the models of the config and say which they are."""
    from sorterd.features.models import ModelsUnavailable
    from sorterd.features.models.resolve import fetch as fetch_models

    config = configured(options, quiet=True)
    try:
        for line in fetch_models(config.feature_settings()):
            print(printable(line))
    except ModelsUnavailable as error:
        raise CommandFailed(str(error)) from error
    return 0
