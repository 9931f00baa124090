import re
from pathlib import Path

import pytest
from support.tree import make

from sorterd.library.layout import LayoutRules
from sorterd.library.left_alone import why_left_alone

RULES = LayoutRules.of(["mp4"], ["drafts"])
FILM = b"\0\0\0\x18ftypisom"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("clip.mkv", r"\.mkv"),
        ("clip", "no extension"),
        ("notes.txt", "none of a video"),
        (".a.mp4", "does not begin like a video"),
        ("link.mp4", "symbolic link"),
        ("deep.mp4", "no plain file"),
        ("x.app/cats/a.mp4", r"x\.app is not looked into: package"),
        ("drafts/a.mp4", "watch.ignore"),
    ],
)
def test_each_file_that_is_left_alone_has_its_reason(tmp_path: Path, path: str, reason: str) -> None:
    make(tmp_path, {"clip.mkv": FILM, "clip": FILM, "notes.txt": b"", ".a.mp4": b"text", "deep.mp4": {}})
    make(tmp_path, {"x.app": {"cats": {"a.mp4": FILM}}, "drafts": {"a.mp4": FILM}})
    (tmp_path / "link.mp4").symlink_to("clip")
    assert re.search(reason, why_left_alone(tmp_path, path, RULES) or "")


@pytest.mark.parametrize("path", ["a.mp4", ".b.mp4", "...c.mp4", "cats/d.mp4", "gone.mp4"])
def test_a_file_that_is_looked_at_or_gone_has_no_reason(tmp_path: Path, path: str) -> None:
    make(tmp_path, {"a.mp4": FILM, ".b.mp4": FILM, "...c.mp4": b"", "cats": {"d.mp4": FILM}})
    assert why_left_alone(tmp_path, path, RULES) is None
