"""The file of vectors, and what is ranked by it."""

from pathlib import Path

import numpy as np
import pytest

from sorterd.artifact_names import VECTORS
from sorterd.features.settings import extracted_modalities
from sorterd.find.duplicates import duplicates
from sorterd.find.similar import by_caption, by_meaning, like
from sorterd.find.vectors import Vectors, vectors
from sorterd.store.features import Features
from sorterd.store.store import Store

MODALITIES = extracted_modalities(4, 4)
WIDTH = 8


def name(number: int) -> str:
    return f"{number:032x}"


def row(*numbers: float) -> bytes:
    halves = np.array(numbers, np.float32).reshape(2, 4)
    lengths = np.linalg.norm(halves, axis=1, keepdims=True)
    return (halves / np.where(lengths == 0, 1, lengths)).astype("<f4").tobytes()


def add(store: Store, number: int, *numbers: float, space: str = "space") -> None:
    store.features.add(Features(name(number), row(*numbers), "", "", "none"), space, now=0.0)


def read(store: Store, folder: Path) -> dict[str, bytes]:
    found = vectors(store.connection, "space", WIDTH, folder)
    return {video: np.asarray(one).tobytes() for video, one in zip(found.videos, found.rows, strict=True) if video}


def in_database(store: Store) -> dict[str, bytes]:
    rows = store.connection.execute("SELECT fingerprint, vector FROM features WHERE space = 'space'")
    return dict(rows.fetchall())


def test_it_says_what_the_database_says_however_both_change(store: Store, tmp_path: Path) -> None:
    assert read(store, tmp_path) == {}
    for number in range(5):
        add(store, number, 1, number, 0, 0, 0, 0, 0, 0)
    add(store, 9, 1, 1, 1, 1, 1, 1, 1, 1, space="another")
    assert read(store, tmp_path) == in_database(store)
    store.connection.execute("DELETE FROM features WHERE fingerprint = ?", (name(2),))
    add(store, 7, 0, 1, 0, 0, 1, 0, 0, 0)
    assert read(store, tmp_path) == in_database(store)
    size = (tmp_path / VECTORS).stat().st_size
    assert read(store, tmp_path) == in_database(store)
    assert (tmp_path / VECTORS).stat().st_size == size


@pytest.mark.parametrize("damage", ["cut", "cut in the head", "other head", "emptied", "more"])
def test_a_damaged_file_is_made_again(store: Store, tmp_path: Path, damage: str) -> None:
    for number in range(3):
        add(store, number, 1, number, 0, 0, 0, 0, 0, 1)
    read(store, tmp_path)
    path = tmp_path / VECTORS
    data = path.read_bytes()
    path.write_bytes(
        {
            "cut": data[:-7],
            "cut in the head": data[:100],
            "other head": b"x" + data[1:],
            "emptied": b"",
            "more": data + b"rest",
        }[damage]
    )
    assert read(store, tmp_path) == in_database(store)


def test_without_a_place_for_the_file_the_database_is_read(store: Store, tmp_path: Path) -> None:
    add(store, 1, 1, 0, 0, 0, 0, 0, 0, 0)
    assert read(store, tmp_path / "there is no such folder") == in_database(store)


def test_most_of_it_gone_it_becomes_shorter(store: Store, tmp_path: Path) -> None:
    for number in range(300):
        add(store, number, 1, number, 0, 0, 0, 0, 0, 0)
    read(store, tmp_path)
    large = (tmp_path / VECTORS).stat().st_size
    store.connection.execute("DELETE FROM features WHERE fingerprint > ?", (name(20),))
    assert read(store, tmp_path) == in_database(store)
    assert (tmp_path / VECTORS).stat().st_size < large / 4


def held(*rows: bytes) -> Vectors:
    table = np.array([np.frombuffer(one, "<f4") for one in rows])
    return Vectors([name(i) for i in range(len(rows))], table)


def test_similarity_is_the_mean_over_what_both_have() -> None:
    table = held(row(1, 0, 0, 0, 1, 0, 0, 0), row(1, 0.1, 0, 0, 0, 0, 0, 0), row(0, 1, 0, 0, 1, 0, 0, 0), row(*[0] * 8))
    found = like(table, MODALITIES, name(0), table.videos, 10)
    assert [video for video, _ in found] == [name(1), name(2)]
    assert found[1][1] == pytest.approx(0.5)
    assert like(table, MODALITIES, name(3), table.videos, 10) == []
    assert like(table, MODALITIES, name(99), table.videos, 10) == []


def test_a_text_ranks_each_modality_by_itself_and_what_is_missing_is_in_no_ranking() -> None:
    table = held(row(1, 0, 0, 0, 0, 0, 0, 0), row(0, 1, 0, 0, 1, 0, 0, 0), row(1, 1, 0, 0, 1, 1, 0, 0))
    query = np.array([1, 0.1, 0, 0], np.float32)
    rankings = by_meaning(table, MODALITIES, query, {name(0), name(1), name(2)})
    assert rankings == {"pictures": [name(0), name(2), name(1)], "speech": [name(1), name(2)]}
    assert by_meaning(table, MODALITIES, query, {name(1)})["pictures"] == [name(1)]


def test_the_same_content_and_the_same_footage_are_told_apart() -> None:
    table = held(row(1, 0, 0, 0, 0, 0, 0, 0), row(1, 0.01, 0, 0, 0, 0, 0, 0), row(0, 1, 0, 0, 0, 0, 0, 0))
    paths = {name(0): ["a.mp4"], name(1): ["b.mp4"], name(2): ["c.mp4", "d.mp4"]}
    found = duplicates(paths, table, MODALITIES, {name(0): 15.0, name(1): 18.5})
    assert [(one.paths, one.exact) for one in found] == [(("c.mp4", "d.mp4"), True), (("a.mp4", "b.mp4"), False)]


@pytest.mark.parametrize(
    ("lengths", "same"),
    [
        ((15.0, 18.9), True),  # with TikTok's end card
        ((15.0, 19.1), False),
        ((600.0, 576.0), True),  # 24 pictures a second, and 25
        ((600.0, 500.0), False),
        ((15.0, None), True),  # from before lengths were kept
        ((None, None), True),
    ],
)
def test_what_looks_alike_but_is_longer_is_not_the_same_footage(lengths: tuple[float | None, ...], same: bool) -> None:
    table = held(row(1, 0, 0, 0, 0, 0, 0, 0), row(1, 0.01, 0, 0, 0, 0, 0, 0))
    known = {name(number): seconds for number, seconds in enumerate(lengths) if seconds is not None}
    assert bool(duplicates({name(0): ["a.mp4"], name(1): ["b.mp4"]}, table, MODALITIES, known)) == same


def test_captions_are_ranked_by_their_own_vectors() -> None:
    captions = [("a", np.array([1, 0], "<f4").tobytes()), ("b", np.array([0, 1], "<f4").tobytes())]
    assert by_caption(captions, np.array([0.1, 1.0], np.float32), {"a", "b", "c"}) == ["b", "a"]
    assert by_caption(captions, np.array([0.1, 1.0], np.float32), {"a"}) == ["a"]
    assert by_caption([], np.array([0.1, 1.0], np.float32), {"a"}) == []


def test_a_search_does_not_wait_for_one_that_still_uses_the_file(store: Store, tmp_path: Path) -> None:
    add(store, 1, 1, 0, 0, 0, 0, 0, 0, 0)
    first = vectors(store.connection, "space", WIDTH, tmp_path)
    add(store, 2, 0, 1, 0, 0, 0, 0, 0, 0)
    assert vectors(store.connection, "space", WIDTH, tmp_path).videos == [name(1), name(2)]
    assert first.videos == [name(1)]
