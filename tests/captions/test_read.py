"""Where a caption is found, and in which order."""

import errno
import json
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from sorterd.captions.caption import Caption
from sorterd.captions.export import MyfaveTTExport
from sorterd.captions.hashtags import Vocabulary
from sorterd.captions.read import read_caption
from sorterd.captions.sidecar import LARGEST
from sorterd.captions.source import CaptionSource, FileSeen

VIDEO = "7301234567890123456.mp4"
INFO = {
    "title": "Three ways to throw a bowl...",
    "description": "Three ways to throw a bowl #pottery #fyp",
    "uploader": "janes_channel",
    "uploader_url": "https://www.tiktok.com/@jane.clay",
    "tags": ["wheel"],
}


def read(
    folder: Path, *, video: str = VIDEO, export: MyfaveTTExport | None = None, tags: Mapping[str, str] | None = None
) -> str:
    return caption(folder, video, export, tags).text


def caption(
    folder: Path, video: str = VIDEO, export: MyfaveTTExport | None = None, tags: Mapping[str, str] | None = None
) -> Caption:
    seen = tuple(FileSeen(path.name, 0, 0) for path in sorted(folder.iterdir()))
    source = CaptionSource(video, seen)
    return read_caption(os.fsencode(folder), source, export or MyfaveTTExport(), lambda _path: tags or {}, Vocabulary())


def test_a_place_that_cannot_be_read_is_skipped_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_(path: bytes, _flags: int) -> int:
        raise OSError(errors[path.rpartition(b".")[2]], "no")

    monkeypatch.setattr("sorterd.captions.sidecar.os.open", open_)
    (tmp_path / "a.description").write_text("from the description")
    for number, complete in ((errno.ESTALE, False), (errno.EIO, False), (errno.ENOENT, True), (errno.ELOOP, True)):
        errors = {b"description": number}
        found = caption(tmp_path, tags={"description": "from inside the file"})
        assert (found.text, found.complete) == ("from inside the file", complete), number


def test_databases_that_cannot_be_read_just_now_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_(_path: bytes, _flags: int) -> int:
        raise OSError(errno.ETIMEDOUT, "no")

    monkeypatch.setattr("sorterd.captions.sidecar.os.open", open_)
    export = MyfaveTTExport.read([FileSeen("/x/db_texts.js", 1, 1)])
    assert caption(tmp_path, export=export) == Caption(complete=False)


def test_the_first_place_that_tells_something_wins(tmp_path: Path) -> None:
    export = MyfaveTTExport({VIDEO[:-4]: "from the export itself"})
    tags = {"description": "from inside the file"}
    named = f"a name that tells [{VIDEO[:-4]}].mp4"
    (tmp_path / "a.info.json").write_text(json.dumps(INFO))
    (tmp_path / "a.description").write_text("from the description")
    (tmp_path / "a.txt").write_text("from the text")
    found = []
    for gone in ("a.info.json", "a.description", "a.txt"):
        found.append(read(tmp_path, video=named, export=export, tags=tags))
        (tmp_path / gone).unlink()
    found.append(read(tmp_path, video=named, export=export, tags=tags))
    found.append(read(tmp_path, video=named, tags=tags))
    found.append(read(tmp_path, video=named))
    assert read(tmp_path, video="7301234567890123457.mp4", export=export) == "", "the export tells of another one"
    assert found == [
        "jane.clay: Three ways to throw a bowl. pottery, wheel",
        *("from the description", "from the text", "from the export itself", "from inside the file"),
        "a name that tells",
    ]


def test_a_place_that_tells_nothing_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.info.json").write_text(json.dumps({**INFO, "description": "#fyp", "title": "#fyp", "tags": []}))
    (tmp_path / "a.txt").write_text("glazing my bowls")
    assert read(tmp_path) == "glazing my bowls"


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ({"desc": "lemon pasta tonight", "user": "anna", "title": "lemon pasta tonight"}, "anna: lemon pasta tonight"),
        ({"desc": "lemon pasta tonight", "author": {"uniqueId": "anna"}}, "anna: lemon pasta tonight"),
        ({"description": "lemon pasta", "username": "anna", "tags": ["#food"]}, "anna: lemon pasta. food"),
        ({"content": "lemon pasta", "author": {"name": "anna", "nick": "A"}}, "anna: lemon pasta"),
        ({"description": "lemon pasta", "uploader_id": "@x", "channel": "Anna"}, "Anna: lemon pasta"),
        ({"description": "lemon pasta", "webpage_url": "https://www.tiktok.com/@anna/video/7"}, "anna: lemon pasta"),
        ({"title": "lemon pasta", "tags": ["food", 3, None, {"name": "quick"}]}, "lemon pasta. food, quick"),
        ({"title": "lemon pasta", "description": 5, "tags": "food", "uploader": ["x"]}, "lemon pasta"),
        ([{"description": "lemon pasta"}], ""),
        ("lemon pasta", ""),
        (None, ""),
        (1, ""),
    ],
)
def test_metadata_of_several_programs(tmp_path: Path, metadata: object, text: str) -> None:
    (tmp_path / "a.mp4.json").write_text(json.dumps(metadata))
    assert read(tmp_path, video="a.mp4") == text


def test_the_title_inside_a_file_counts_only_without_a_description_and_the_singer_never(tmp_path: Path) -> None:
    tags = {"title": "some song", "artist": "a singer", "comment": "https://www.tiktok.com/@jane/video/1"}
    assert read(tmp_path, tags=tags) == "jane: some song"
    assert read(tmp_path, tags={**tags, "title": "IMG_4521 (My Movie 3)"}) == ""
    assert read(tmp_path, tags={**tags, "synopsis": "a bowl on the wheel"}) == "jane: a bowl on the wheel"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("How to glaze a mug [7301234567890123456].mp4", "How to glaze a mug"),
        ("snaptik_7301234567890123456_v2.mp4", ""),
        ("ssstik.io_1700000000000.mp4", ""),
        ("Snaptik.app_7301234567890123456.mp4", ""),
        ("glaze_a_mug_1080p (1).mp4", "glaze a mug"),
        ("VID_20240131_142233.mp4", ""),
        ("IMG_4521.MOV", ""),
        ("WhatsApp Video 2024-01-31 at 14.22.33.mp4", ""),
        ("VID-20240131-WA0003.mp4", ""),
        ("Screen Recording 2024-01-31 at 14.22.33.mov", ""),
        ("PXL_20240131_142233123.mp4", ""),
        ("3f2b8c1d-1a2b-4c3d-8e9f-0a1b2c3d4e5f.mp4", ""),
        ("download (3).mp4", ""),
        ("cooking_001.mp4", ""),
        ("#pottery.mp4", "pottery"),
        ("日本の陶芸.mp4", "日本の陶芸"),
        ("\udcff\udcfe broken name.mp4", "broken name"),
        ("-rf two words.mp4", "rf two words"),
        ("y2mate.com - How to glaze a mug_1080p.mp4", "How to glaze a mug"),
        ("redditsave.com_how_to_glaze-abc123xyz.mp4", "how to glaze"),
        ("How to glaze a mug-dQw4w9WgXcQ.mp4", "How to glaze a mug"),
        ("film camera tips.mp4", "film camera tips"),
        ("how to make a video.mp4", "how to make a video"),
        ("2024-01-31 10 best pastas.mp4", "best pastas"),
        ("covid19 news.mp4", "covid19 news"),
    ],
)
def test_what_a_name_tells(tmp_path: Path, name: str, text: str) -> None:
    assert read(tmp_path, video=name) == text


NO_NAMES = """
ssstik.io_@jane.clay_1700000000000.mp4
SnapTik_App_7301234567890123456-HD.mp4
TikMate.online_7301234567890123456_hd.mp4
musicaldown.com_7301234567890123456.mp4
snapinsta.app_video_AQNabcdef1234567890.mp4
videoplayback (1).mp4
v09044g40000cabcdefbc77u0k1lmnop.mp4
RPReplay_Final1700000000.MP4
ScreenRecording_01-31-2024 14-22-33_1.MP4
Screen Recording 2024-01-31 at 2.22.33 PM.mov
Screen_Recording_20240131_142233_TikTok.mp4
screen-20240131-142233~2.mp4
XRecorder_31012024_142233.mp4
Bildschirmaufnahme 2024-01-31 um 14.22.33.mov
Grabación de pantalla 2024-01-31 a las 14.22.33.mov
WIN_20240131_14_22_33_Pro.mp4
PXL_20240131_142233123.LS.mp4
IMG_E4521.MOV
GX010123.MP4
trim.1A2B3C4D-5E6F-7A8B-9C0D-1E2F3A4B5C6D.MOV
Vídeo do WhatsApp de 2024-01-31 à(s) 14.22.33_1a2b3c4d.mp4
IMG_1234 (Telegram).mp4
lv_7301234567890123456_20240131142233.mp4
10000000_123456789012345_1234567890123456789_n.mp4
InShot_20240131_142233123.mp4
微信视频_20240131142233.mp4
Video by jane.clay [C1abcDEfGHi].mp4
My new project 3.mp4
"""


def test_names_that_programs_and_cameras_give_tell_nothing(tmp_path: Path) -> None:
    told = {name: read(tmp_path, video=name) for name in NO_NAMES.strip().splitlines()}
    assert {name: text for name, text in told.items() if text} == {}


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("A bowl of clay. #pottery", "And more of it.", "A bowl of clay. And more of it. pottery"),
        ("A bowl of clay #pottery", "And more of it", "A bowl of clay. And more of it. pottery"),
        ("", "A bowl of clay #pottery.", "A bowl of clay. pottery"),
        ("", "A bowl of clay #pottery! More of it.", "A bowl of clay More of it. pottery"),
        ("", "A bowl of clay #pottery, #wheel, #glaze", "A bowl of clay. pottery, wheel, glaze"),
        ("", "#pottery. A bowl of clay", "A bowl of clay. pottery"),
        ("", "A bowl: http://x.org/a. And a mug, @jane.", "A bowl: And a mug,"),
        ("", "A bowl - of clay :) ...", "A bowl - of clay :)"),
    ],
)
def test_tags_and_addresses_in_sentences_leave_no_mark(tmp_path: Path, title: str, description: str, text: str) -> None:
    (tmp_path / "a.info.json").write_text(json.dumps({"title": title, "description": description}))
    assert read(tmp_path) == text


@pytest.mark.parametrize(
    ("words", "between"),
    [("my bowl on the wheel", ". "), ("my bowl.", " "), ("my bowl!", " "), ("my bowl?!", " "), ("my bowl…", " "),
     ("茶碗を作る。", " "), ("茶碗を作る！", " "), ("ما هذا الوعاء؟", " "), ("यह कटोरा है।", " "),
     ('he said "go!"', " "), ("my bowl (my first one.)", " "), ("my bowl (my first one)", ". "),
     ("what you need:", " "), ("my bowl,", " "), ("my bowl in 2.5", ". ")],
)  # fmt: skip
def test_a_sentence_that_has_ended_is_not_ended_again(tmp_path: Path, words: str, between: str) -> None:
    said = unicodedata.normalize("NFKC", words)
    (tmp_path / "a.info.json").write_text(json.dumps({"description": f"{words} #pottery"}))
    assert read(tmp_path) == f"{said}{between}pottery"
    (tmp_path / "a.info.json").write_text(json.dumps({"title": words, "description": "and more of it"}))
    assert read(tmp_path) == f"{said}{between}and more of it"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("two words".encode("utf-16"), "two words"),
        ("two words".encode("utf-16-le"), ""),
        ("two words".encode("utf-8-sig"), "two words"),
        ("two words caf\xe9".encode("latin-1"), "two words caf"),
        ("two words 🍝".encode()[:-2], "two words"),
        (b"two words" + b" " * (LARGEST - 9), "two words"),
        (b"two words" + b" " * (LARGEST - 8), ""),
        (b"two\0words", ""),
    ],
)
def test_a_text_in_any_encoding(tmp_path: Path, content: bytes, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    assert read(tmp_path) == text
    assert read(tmp_path, video="named by me.mp4") == (text or "named by me")
