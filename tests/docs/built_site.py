"""Build the documentation as a site."""

import socket
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from docs.pages import ROOT


def built(folder: Path) -> Path:
    """Build the site in `folder` without a network. A warning, such as one about a link or an anchor, is an error."""

    def refuse(*_: object) -> None:
        raise AssertionError("the build asked for a network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))
    return folder
