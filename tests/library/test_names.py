import os
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sorterd.library.names import MAX_BYTES, candidates

# What a directory can hold: any bytes except "/" and NUL, up to 255.
names = (
    st.binary(min_size=1, max_size=MAX_BYTES)
    .filter(lambda raw: b"/" not in raw and b"\0" not in raw and raw not in (b".", b".."))
    .map(os.fsdecode)
)


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("a.mp4", "a (2).mp4"),
        ("a (2).mp4", "a (2) (2).mp4"),
        ("Toy Story (1995).mkv", "Toy Story (1995) (2).mkv"),
        ("-rf.mp4", "-rf (2).mp4"),
        ("no extension", "no extension (2)"),
        ("😀.mp4", "😀 (2).mp4"),
    ],
)
def test_the_number_stands_before_the_extension(name: str, second: str) -> None:
    assert next(islice(candidates(name), 1, None)) == second


def test_a_long_name_is_shortened_by_whole_characters() -> None:
    name = "é" * 125 + "x.mp4"  # 255 bytes
    second = list(islice(candidates(name), 2))[1]
    assert second == "é" * 123 + " (2).mp4"
    assert len(os.fsencode(second)) <= MAX_BYTES


def test_room_is_left_for_what_sidecars_add() -> None:
    name = "n" * 245 + ".mp4"
    assert [len(candidate) for candidate in islice(candidates(name, room=6), 2)] == [249, 249]


@example(name="a." + "x" * 253, room=40)
@example(name="x" * 255, room=40)
@given(name=names, room=st.integers(0, 40))
def test_every_candidate_is_a_different_name_that_fits_and_keeps_the_extension(name: str, room: int) -> None:
    found = list(islice(candidates(name, room), 12))
    assert found[0] == name
    assert len(set(found)) == 12
    for candidate in found:
        raw = os.fsencode(candidate)
        assert os.fsdecode(raw) == candidate
        assert len(raw) <= MAX_BYTES
        assert b"/" not in raw


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("t" * 239 + " [7388123].mp4", "t" * 238 + "[7388123] (2).mp4"),
        ("t" * 230 + " [7388123] the end.mp4", "t" * 230 + " [7388123] the en (2).mp4"),
        ("[7388123] " + "t" * 240 + ".mp4", "[7388123] " + "t" * 237 + " (2).mp4"),
        ("[4K] " + "t" * 233 + " [7388123].mp4", "[4K] " + "t" * 233 + "[7388123] (2).mp4"),
        ("words and words " * 15 + "[7388123].mp4", ("words and words " * 15)[:238] + "[7388123] (2).mp4"),
        ("e\u0301" * 83 + ".mp4", "e\u0301" * 82 + " (2).mp4"),
        ("\U0001f44d\U0001f3fd" * 31 + ".mp4", "\U0001f44d\U0001f3fd" * 30 + " (2).mp4"),
    ],
)
def test_a_name_is_cut_between_its_characters_and_never_inside_the_id(name: str, second: str) -> None:
    assert len(os.fsencode(name)) <= MAX_BYTES
    assert next(islice(candidates(name), 1, None)) == second


@given(
    title=st.text(st.sampled_from("ab é😀[.\u0301"), max_size=120),
    id=st.text("abc-_0123", max_size=20),
    rest=st.text(st.sampled_from("xy ü."), max_size=100),
    room=st.integers(0, 30),
)
def test_the_id_is_whole_in_every_candidate(title: str, id: str, rest: str, room: int) -> None:
    for candidate in islice(candidates(f"{title}[{id}]{rest}.mp4", room), 1, 12):
        assert f"[{id}]" in candidate
        assert len(os.fsencode(candidate)) <= MAX_BYTES
