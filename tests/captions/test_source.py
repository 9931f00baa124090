from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.captions.databases import LARGEST, databases_of, too_large
from sorterd.captions.source import CaptionSource, FileSeen, post_id

NAMES = st.text(st.characters(), max_size=20)  # lone surrogates too: names that are not UTF-8
FILES = st.builds(FileSeen, NAMES, st.integers(0, 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
SOURCES = st.builds(CaptionSource, NAMES, st.lists(FILES, max_size=3).map(tuple), st.just(()))


@given(SOURCES)
def test_a_source_comes_back_from_its_text(source: CaptionSource) -> None:
    assert CaptionSource.parse(source.seen) == source
    assert source.seen.isascii()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"video":1,"sidecars":[],"databases":[]}', "[" * 100_000,
     '{"video":"x","sidecars":[{"name":"a","size":"1","mtime_ns":1}],"databases":[]}',
     '{"video":"x","sidecars":3,"databases":[]}'],
)  # fmt: skip
def test_another_text_is_no_source(text: str) -> None:
    with pytest.raises(ValueError):
        CaptionSource.parse(text)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("7234567890123456789.mp4", "7234567890123456789"),
        ("A title [7234567890123456789].mp4", "7234567890123456789"),
        ("20240131_7234567890123456789.mp4", "7234567890123456789"),
        ("snaptik_7234567890123456789_v2.mp4", "7234567890123456789"),
        ("20240131.mp4", None),
        ("1234567890123456789012345.mp4", None),
        ("cats.mp4", None),
    ],
)
def test_the_id_of_a_post_is_found_in_a_name(name: str, found: str | None) -> None:
    assert post_id(name) == found


@pytest.mark.parametrize("videos", ["data/Likes/videos", "data", ".", "data/Following/somebody/videos"])
def test_the_databases_are_found_from_each_folder_of_videos(tmp_path: Path, videos: str) -> None:
    (tmp_path / "data/.appdata").mkdir(parents=True)
    (tmp_path / videos).mkdir(parents=True, exist_ok=True)
    (tmp_path / "data/.appdata/db_texts.js").write_text("x")
    found = databases_of(tmp_path / videos)
    assert [(file.name, file.size) for file in found] == [(str(tmp_path / "data/.appdata/db_texts.js"), 1)]


def test_without_texts_there_are_no_databases(tmp_path: Path) -> None:
    (tmp_path / ".appdata").mkdir()
    (tmp_path / ".appdata/db_videos.js").write_text("x")
    (tmp_path / ".appdata/db_texts.js").symlink_to("/etc/passwd")
    assert databases_of(tmp_path) == ()


@pytest.mark.parametrize(("size", "sentences"), [(LARGEST, 0), (LARGEST + 1, 1)])
def test_a_database_that_is_too_large_is_named(tmp_path: Path, size: int, sentences: int) -> None:
    (tmp_path / ".appdata").mkdir()
    with (tmp_path / ".appdata/db_texts.js").open("wb") as file:
        file.truncate(size)
    said = too_large(databases_of(tmp_path))
    assert len(said) == sentences
    assert all("db_texts.js is larger than 8 MiB" in sentence for sentence in said)
