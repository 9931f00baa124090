"""Letters for folders."""

from hypothesis import given
from hypothesis import strategies as st

from sorterd.web.folder_keys import RESERVED, folder_keys


def test_a_folder_has_its_first_free_letter_and_the_larger_one_chooses_first() -> None:
    assert folder_keys({"cooking": 3, "cats": 9, "beach": 1}) == {"cats": "c", "cooking": "o", "beach": "b"}


def test_letters_that_do_something_else_are_left_out() -> None:
    assert folder_keys({"nmpz": 1}) == {"nmpz": "a"}


def test_a_letter_that_was_learned_stays() -> None:
    before = folder_keys({"cats": 1})
    assert folder_keys({"cats": 1, "cooking": 9}, before)["cats"] == "c"
    assert folder_keys({"cooking": 9}, before) == {"cooking": "c"}


@given(st.dictionaries(st.text(max_size=8), st.integers(0, 9), max_size=40))
def test_no_letter_files_into_two_folders(sizes: dict[str, int]) -> None:
    keys = folder_keys(sizes)
    assert len(set(keys.values())) == len(keys) == min(len(sizes), 26 - len(RESERVED))
    assert not set(keys.values()) & RESERVED
