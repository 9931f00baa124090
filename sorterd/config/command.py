"""The command that runs sorterd on the library of a config, as a process of its own."""

from __future__ import annotations

import sys

from sorterd.config.schema import Config


def command(config: Config, *arguments: str) -> list[str]:
    """Return it. Modules are not imported from the current folder, which may be the one with the untrusted files."""
    library = ["--videos", str(config.videos)] if config.file is None else ["--config", str(config.file)]
    return [sys.executable, "-P", "-m", "sorterd", *library, *arguments]
