"""`models fetch`: fetch missing models now, so that the service need not."""

from __future__ import annotations

import argparse
from dataclasses import replace

from sorterd.commands.context import named_config, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.doctor.state import settled_settings
from sorterd.text import printable


def fetch(options: argparse.Namespace) -> int:
    """Fetch or find the models of the config and print which they are."""
    from sorterd.features.models import ModelsUnavailable
    from sorterd.features.models.resolve import fetch as fetch_models

    config = named_config(options)
    try:
        here = fetch_models(replace(settled_settings(config), models=config.features.models))
    except ModelsUnavailable as error:
        raise CommandFailed(str(error)) from error
    if options.json:
        print_json({"models": here})
    else:
        for line in here:
            print(printable(line))
    return 0
