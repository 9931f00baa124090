"""Labels, and what the user has said of a video."""

from dataclasses import replace

import pytest
from support.rows import SPACE, fill, known

from sorterd.changes import Arrived, Copied, Gone, KnownFile, Moved, Replaced
from sorterd.library.files import FolderId
from sorterd.store.backlog import Backlog
from sorterd.store.store import Store

# --- labels ----------------------------------------------------------------------------------------------------------


def test_only_what_the_user_filed_or_confirmed_is_a_label(store: Store) -> None:
    fill(
        store,
        known("cats/a.mp4", "filed"),
        known("cats/b.mp4", "ours", "auto"),
        known("cats/c.mp4", "accepted", "confirmed"),
        known("d.mp4", "unsorted"),
    )
    assert store.files.labels() == {"filed": "cats", "accepted": "cats"}


def test_a_video_kept_in_two_folders_teaches_neither(store: Store) -> None:
    fill(store, known("cats/a.mp4", "one"), known("dogs/a.mp4", "one"), known("cats/b.mp4", "two"))
    assert store.files.labels() == {"two": "cats"}


def test_two_copies_in_one_folder_are_one_label(store: Store) -> None:
    fill(store, known("cats/a.mp4", "one"), known("cats/deep/b.mp4", "one"))
    assert store.files.labels() == {"one": "cats"}


def test_a_copy_that_we_made_of_no_label_does_not_contradict_the_users(store: Store) -> None:
    fill(store, known("cats/a.mp4", "one"), known("dogs/a.mp4", "one", "auto"))
    assert store.files.labels() == {"one": "cats"}


def test_only_our_own_labels_can_be_confirmed(store: Store) -> None:
    fill(store, known("cats/a.mp4", "one", "auto"), known("cats/b.mp4", "two"))
    assert store.files.confirm("cats/a.mp4", now=2.0)
    assert not store.files.confirm("cats/b.mp4", now=2.0)
    assert not store.files.confirm("nowhere.mp4", now=2.0)
    assert store.files.categories() == {"cats": {"user": 1, "auto": 0, "confirmed": 1}}


def test_of_our_own_moves_those_are_trusted_that_nobody_has_touched_for_long(store: Store) -> None:
    fill(store, known("cats/old.mp4", "one", "auto"), known("cats/theirs.mp4", "two"), now=1.0)
    fill(store, known("cats/new.mp4", "three", "auto"), now=9.0)
    assert store.files.confirm_untouched(before=5.0) == 1
    assert {path: file.source for path, file in store.files.known().files.items()} == {
        "cats/old.mp4": "confirmed",
        "cats/theirs.mp4": "user",
        "cats/new.mp4": "auto",
    }


def test_a_new_name_in_the_same_folder_does_not_make_the_label_new(store: Store) -> None:
    ours = known("cats/a.mp4", "one", "auto")
    fill(store, ours, now=1.0)
    store.files.apply([Moved(ours, replace(ours, path="cats/b.mp4"))], {}, now=9.0, watching=True)
    assert store.files.confirm_untouched(before=5.0) == 1


def test_categories_are_counted_by_source_and_empty_ones_too(store: Store) -> None:
    fill(store, known("cats/a.mp4", "one"), known("cats/b.mp4", "two", "auto"))
    store.files.apply([], {**store.files.known().categories, "empty": FolderId(1, 7)}, now=1.0, watching=False)
    assert store.files.categories() == {
        "cats": {"user": 1, "auto": 1, "confirmed": 0},
        "empty": {"user": 0, "auto": 0, "confirmed": 0},
    }


# --- what the user said ----------------------------------------------------------------------------------------------


def test_taking_a_video_out_refuses_the_folder_and_putting_it_back_accepts_it(store: Store) -> None:
    inside, outside = known("cats/a.mp4", "one"), known("a.mp4", "one")
    fill(store, inside)
    store.files.apply([Moved(inside, outside)], {}, now=2.0, watching=True)
    assert store.files.rejections() == {"one": frozenset({"cats"})}
    store.files.apply([Moved(outside, inside)], {}, now=3.0, watching=True)
    assert store.files.rejections() == {}


def test_accepting_one_video_says_nothing_about_another_that_was_refused_too(store: Store) -> None:
    file = known("a.mp4", "one")
    fill(store, file)
    for content in ("one", "two"):
        store.files.reject(content, "cats", now=1.0)
    store.files.reject("one", "dogs", now=1.0)
    store.files.apply([Moved(file, KnownFile("cats/a.mp4", file.id, "one", "user"))], {}, now=2.0, watching=True)
    assert store.files.rejections() == {"one": frozenset({"dogs"}), "two": frozenset({"cats"})}


def test_taking_a_held_video_out_of_a_folder_does_not_let_go_of_it(store: Store) -> None:
    """A copy that was filed before the undo; what the user says of it is "not this one" again."""
    inside, outside = known("cats/a.mp4", "one"), known("b.mp4", "one")
    fill(store, inside)
    store.files.hold("one", now=2.0)
    store.files.apply([Moved(inside, outside)], {}, now=3.0, watching=True)
    assert store.files.held() == {"one"}


def test_what_comes_back_to_where_we_had_put_it_does_not_let_go_of_it(store: Store) -> None:
    """Restored from the trash after the same video, dropped again, was moved elsewhere and taken back."""
    ours = known("cats/a.mp4", "one", "auto")
    fill(store, ours)
    store.files.apply([Gone(ours)], {}, now=2.0, watching=True)
    store.files.hold("one", now=3.0)
    fill(store, known("cats/a.mp4", "one"))
    assert store.files.labels() == {}
    assert store.files.held() == {"one"}


def test_filing_a_held_video_lets_go_of_it(store: Store) -> None:
    file = known("a.mp4", "one")
    fill(store, file)
    store.files.hold("one", now=1.0)
    assert store.files.held() == {"one"}
    store.files.apply([Moved(file, KnownFile("cats/a.mp4", file.id, "one", "user"))], {}, now=2.0, watching=True)
    assert store.files.held() == set()


def test_what_comes_back_to_where_we_had_put_it_is_still_ours(store: Store) -> None:
    ours, theirs = known("cats/a.mp4", "one", "auto"), known("cats/b.mp4", "two", "user")
    later = known("cats/c.mp4", "three", "auto")
    fill(store, ours, theirs, later)
    store.files.apply([Gone(ours), Gone(theirs)], {}, now=2.0, watching=True)
    store.files.apply([Gone(later)], {}, now=3.0, watching=True)
    fill(store, *(known(file.path, file.fingerprint) for file in (ours, theirs, later)))
    assert store.files.labels() == {"two": "cats"}, "a folder out of the trash is not a label by the user"


def test_two_copies_that_come_back_together_are_both_still_ours(store: Store) -> None:
    one, other = known("cats/a.mp4", "one", "auto"), known("cats/b.mp4", "one", "auto")
    fill(store, one, other)
    store.files.apply([Gone(one), Gone(other)], {}, now=2.0, watching=True)
    first, second = known("cats/a.mp4", "one"), known("cats/b.mp4", "one")
    store.files.apply([Arrived(first), Copied(second, first.path)], {}, now=3.0, watching=True)
    assert store.files.labels() == {}


def test_what_was_refused_after_it_was_gone_is_a_label_by_the_user_if_it_comes_back(store: Store) -> None:
    ours = known("cats/a.mp4", "one", "auto")
    fill(store, ours)
    store.files.apply([Gone(ours)], {}, now=2.0, watching=True)
    store.files.reject("one", "cats", now=3.0)
    fill(store, known("cats/a.mp4", "one"))
    assert store.files.labels() == {"one": "cats"}


def test_that_it_was_ours_is_forgotten_once_the_content_lies_there_as_the_users(store: Store) -> None:
    ours, theirs = known("cats/a.mp4", "one", "auto"), known("cats/b.mp4", "two")
    fill(store, ours, theirs)
    store.files.apply([Gone(ours)], {}, now=2.0, watching=True)
    saved_over = known("cats/b.mp4", "one")
    store.files.apply([Replaced(theirs, saved_over)], {}, now=3.0, watching=True)
    store.files.apply([Gone(saved_over)], {}, now=4.0, watching=True)
    fill(store, known("cats/b.mp4", "one"))
    assert store.files.labels() == {"one": "cats"}


def test_of_two_copies_in_a_folder_the_last_one_says_whose_label_comes_back(store: Store) -> None:
    ours, theirs = known("cats/a.mp4", "one", "auto"), known("cats/b.mp4", "one", "user")
    fill(store, ours, theirs)
    store.files.apply([Gone(ours, (theirs.path,))], {}, now=2.0, watching=True)
    store.files.apply([Gone(theirs)], {}, now=3.0, watching=True)
    fill(store, known("cats/b.mp4", "one"))
    assert store.files.labels() == {"one": "cats"}


@pytest.mark.parametrize(
    ("path", "labels", "rejections"),
    [
        ("cats/a.mp4", {}, {}),
        ("dogs/a.mp4", {"one": "dogs"}, {"one": frozenset({"cats"})}),
        ("a.mp4", {}, {"one": frozenset({"cats"})}),  # taken out, to the desktop first
    ],
)
def test_what_was_ours_and_gone_is_the_users_if_it_comes_back_elsewhere(
    store: Store, path: str, labels: dict[str, str], rejections: dict[str, frozenset[str]]
) -> None:
    ours = known("cats/a.mp4", "one", "auto")
    fill(store, ours)
    store.files.apply([Gone(ours)], {}, now=2.0, watching=True)
    fill(store, known(path, "one"))
    assert (store.files.labels(), store.files.rejections()) == (labels, rejections)


def test_what_the_user_took_out_and_files_there_after_all_is_a_label_by_the_user(store: Store) -> None:
    ours, outside = known("cats/a.mp4", "one", "auto"), known("a.mp4", "one")
    fill(store, ours)
    store.files.apply([Gone(ours)], {}, now=2.0, watching=True)
    fill(store, ours)
    store.files.apply([Moved(ours, outside)], {}, now=3.0, watching=True)
    store.files.apply([Gone(outside)], {}, now=4.0, watching=True)
    fill(store, known("cats/a.mp4", "one"))
    assert store.files.labels() == {"one": "cats"}


def test_what_has_not_been_read_is_no_lesson_and_no_work(store: Store) -> None:
    """After a rescue, records have no content until their files are read."""
    fill(store, known("cats/a.mp4", "", "user"), known("a.mp4", ""))
    assert store.files.labels() == {}
    assert Backlog(store.connection, SPACE).next(now=9.0, limit=9) == []
    assert store.features.pending(SPACE) == 0
