"""The videos on the page, with their posters within it, up to a total size."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 3_000_000
"""Of all posters: 4 MB as text, so that the page stays below 5."""


@dataclass(frozen=True, slots=True)
class ShownVideo:
    """A video in a list: its name, its folder ("" for the root), a link that plays it, its poster and caption or ""."""

    name: str
    folder: str
    link: str
    poster: str
    caption: str


@dataclass(slots=True)
class Posters:
    """`read` returns the poster of a content as WebP, b"" if there is none. The first ones asked for are embedded."""

    root: Path
    read: Callable[[str], bytes]
    captions: Mapping[str, str] = field(default_factory=dict)
    left: int = MOST_BYTES

    def shown(self, fingerprint: str, path: str) -> ShownVideo:
        """Return the video that lies at `path` under the root."""
        folder, _, name = path.rpartition("/")
        return ShownVideo(
            name, folder, (self.root / path).as_uri(), self._poster(fingerprint), self.captions.get(fingerprint, "")
        )

    def _poster(self, fingerprint: str) -> str:
        data = self.read(fingerprint) if self.left > 0 else b""
        if not data or len(data) > self.left:
            return ""
        self.left -= len(data)
        return f"data:image/webp;base64,{b64encode(data).decode()}"
