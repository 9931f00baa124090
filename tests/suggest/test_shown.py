"""What was shown is kept, so that it can be named."""

from pathlib import Path

from sorterd.artifact_names import SUGGESTIONS
from sorterd.suggest.shown import KEPT, LAST, recall, remember, still_waiting
from sorterd.suggest.suggested import Suggestion, group_id


def group(*videos: str) -> Suggestion:
    return Suggestion(group_id(videos), videos, tuple(f"{video}\udcff.mp4" for video in videos), ("#secret",), "secret")


def test_groups_of_earlier_showings_can_still_be_named(tmp_path: Path) -> None:
    first, second = group("a", "b"), group("b", "c")
    remember(tmp_path, [first])
    remember(tmp_path, [second])
    assert recall(tmp_path, first.id) == {"a": "a\\xff.mp4", "b": "b\\xff.mp4"}
    assert recall(tmp_path, second.id) == {"b": "b\\xff.mp4", "c": "c\\xff.mp4"}
    assert recall(tmp_path, "000000") is None
    assert b"secret" not in (tmp_path / SUGGESTIONS).read_bytes()  # words of captions are not kept


def test_of_those_shown_last_the_ones_count_that_still_wait(tmp_path: Path) -> None:
    before, one, two = (group(*(f"{name}{number}" for number in range(6))) for name in ("x", "a", "b"))
    inbox = {*before.videos, *one.videos, *two.videos}
    assert still_waiting(tmp_path, inbox) == 0
    remember(tmp_path, [before])
    remember(tmp_path, [one, two])
    assert still_waiting(tmp_path, inbox) == 2
    assert still_waiting(tmp_path, inbox - {"a0"}) == 2
    assert still_waiting(tmp_path, inbox - {"a0", "a1"}) == 1
    remember(tmp_path, [])
    assert still_waiting(tmp_path, inbox) == 0


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    shown = [group(str(number), "x") for number in range(KEPT + 5)]
    remember(tmp_path, shown[:5])
    remember(tmp_path, shown[5:])
    assert recall(tmp_path, shown[0].id) is None
    assert recall(tmp_path, shown[-1].id) is not None


def test_what_is_damaged_or_changed_is_no_group(tmp_path: Path) -> None:
    one = group("a", "b")
    for content in (b"", b"[]", b"\xff", b'{"%s": 3}', b'{"%s": [["a", "x"]]}', b"[" * 100_000):
        (tmp_path / SUGGESTIONS).write_bytes(content.replace(b"%s", one.id.encode()))
        assert recall(tmp_path, one.id) is None
        assert still_waiting(tmp_path, "ab") == 0
    (tmp_path / SUGGESTIONS).write_text(f'{{"{LAST}": ["{one.id}", [], 3, "{LAST}"], "{one.id}": 3}}')
    assert (still_waiting(tmp_path, "ab"), recall(tmp_path, LAST)) == (0, None)
    remember(tmp_path, [one])
    assert recall(tmp_path, one.id) is not None


def test_the_name_of_a_group_is_that_of_its_videos_in_any_order() -> None:
    assert group_id(["b", "a"]) == group_id(["a", "b"]) != group_id(["a", "b", "c"])
