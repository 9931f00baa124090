"""The words that tell what a group is about."""

from sorterd.find.documents import Document
from sorterd.suggest.telling_words import telling_words

OTHERS = [(f"{n}.mp4", "and this is what they were talking about", "look at my new car. cars, drive") for n in range(9)]


def words(*texts: tuple[str, str, str], authors: dict[str, str] | None = None) -> tuple[str, ...]:
    """What tells about a group of videos, each with its path, transcript and caption."""
    known = {str(n): Document(str(n), path, None, *said) for n, (path, *said) in enumerate([*texts, *OTHERS])}
    (found,) = telling_words([list(known)[: len(texts)]], known, authors or {})
    return found


def test_hashtags_come_first_then_words_that_are_frequent_inside_and_rare_outside() -> None:
    assert words(
        ("a.mp4", "first you centre the clay on the wheel", "jane: a bowl. pottery, wheel"),
        ("b.mp4", "the glaze and the wheel", "jane: what a day. pottery"),
        ("c.mp4", "so this is what they were talking about", "a new glaze. pottery, ceramics"),
        authors={"0": "jane", "1": "jane"},
    ) == ("#pottery", "glaze", "wheel")


def test_names_of_files_tell_too_but_not_what_programs_write_into_them() -> None:
    assert words(
        ("pottery bowl [7301234567890123456].mp4", "", ""), ("VID_20240131_pottery.mp4", "", ""), ("x.mp4", "", "")
    ) == ("pottery",)


def test_what_one_video_of_many_says_does_not_stand_for_all() -> None:
    assert words(("a.mp4", "clay clay clay", ""), ("b.mp4", "", ""), ("c.mp4", "", "")) == ()
    assert words(("a.mp4", "clay", ""), ("b.mp4", "wheel", ""), ("c.mp4", "glaze", "")) == ()


def test_what_everybody_says_tells_nothing() -> None:
    same = ("x.mp4", "and this is what they were talking about", "look at my new car. cars, drive")
    assert words(same, same, same) == ()


def test_words_in_any_script_and_no_control_characters() -> None:
    assert words(("a.mp4", "", "гончарный круг. керамика"), ("b.mp4", "", "круг и глина. керамика"))[0] == "#керамика"
    assert words(("a.mp4", "", "陶芸の動画. 陶芸"), ("b.mp4", "", "楽しい. 陶芸")) == ("#陶芸",)
    assert words(("a.mp4", "", "बिल्ली सो रही. बिल्ली, मेरी"), ("b.mp4", "", "मेरी बिल्ली. बिल्ली"))[0] == "#बिल्ली"
    assert words(("a.mp4", "यह बिल्ली है", ""), ("b.mp4", "एक बिल्ली", "")) == ("बिल्ली",)
    assert words(("a\x1b[2J.mp4", "cl\x1bay", "x"), ("b.mp4", "cl\x1bay", "x")) == ()


def test_words_without_hashtags_are_not_taken_for_one() -> None:
    assert words(("a.mp4", "", "my ferret"), ("b.mp4", "", "my ferret")) == ("ferret",)
    assert words(("a.mp4", "", "ferret"), ("b.mp4", "", "ferret, cute")) == ("#ferret",)
