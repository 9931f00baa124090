"""Sending the poster or the strip of a video."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.responses import Response

from sorterd.config import Config
from sorterd.web.facts import places

PathOf = Callable[[Path, str], Path]
HEADERS = {"Cache-Control": "private, max-age=86400", "Content-Security-Policy": "sandbox; default-src 'none'"}


def send_picture(config: Config, video: str, path_of: PathOf) -> Response:
    """Return the response for one picture of a known video: nothing (204) if it has none yet, 404 for another id.

    `path_of` is `poster_path` or `strip_path`. Raise StoreError or sqlite3.Error.
    """
    if not places(config, video):
        return Response(status_code=404)
    try:
        data = path_of(config.state_dir, video).read_bytes()
    except FileNotFoundError:  # 204: browsers would report 404 as a fault of the page
        return Response(status_code=204)
    return Response(data, media_type="image/webp", headers=HEADERS)
