from hypothesis import given
from hypothesis import strategies as st

from sorterd.features.transcript import GAP, chunks

TEXTS = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=40), max_size=60).map(" ".join)


def letters(word: str) -> int:
    return len(word)


@given(TEXTS, st.integers(1, 50))
def test_no_word_is_lost_and_no_piece_is_too_long(text: str, limit: int) -> None:
    pieces = chunks(text, letters, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < sum(map(letters, piece.split())) <= limit for piece in pieces)


def test_pieces_are_about_equally_long() -> None:
    pieces = chunks("word " * 80, lambda _word: 1, 75)
    assert [len(piece.split()) for piece in pieces] == [40, 40]


def test_a_text_without_spaces_is_split_all_the_same() -> None:
    assert chunks("蛋糕" * 20, letters, 15) != []
    assert max(map(len, "".join(chunks("蛋糕" * 20, letters, 15)).split())) <= 40


def test_silence_gives_no_piece() -> None:
    assert chunks("", letters, 75) == chunks("  \n ", letters, 75) == []


def test_the_mark_for_what_was_not_listened_to_is_not_embedded() -> None:
    assert chunks(f"one{GAP}two", letters, 75) == ["one two"]
