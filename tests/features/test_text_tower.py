import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorterd.features.text_tower import SHORTEST, TOKENS, TextTower, passes

TEXTS = st.one_of(
    st.text(min_size=1, max_size=20),
    st.lists(st.sampled_from(["pasta", "lemon", "[PAD]", "[SEP]", "#fyp", "水", "😀", "рецепт"]), min_size=1).map(
        " ".join
    ),
)


@pytest.fixture(scope="module")
def tower() -> TextTower:
    return TextTower()


@settings(max_examples=4)
@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_the_vector_of_a_text_depends_on_no_other_text(tower: TextTower, texts: list[str]) -> None:
    together = tower.texts(texts)
    assert np.allclose(together, np.vstack([tower.texts([text]) for text in texts]), atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_a_byte_that_is_not_utf8_in_the_name_of_a_folder_is_an_unknown_letter(tower: TextTower) -> None:
    assert np.array_equal(tower.texts(["caf\udce9"]), tower.texts(["caf?"]))


def test_no_texts_have_no_vectors(tower: TextTower) -> None:
    assert tower.texts([]).shape == (0, 384)


@given(st.lists(st.integers(1, 256), max_size=40))
def test_each_text_is_in_one_pass_with_others_of_its_length(lengths: list[int]) -> None:
    found = passes(lengths)
    assert sorted(place for places in found for place in places) == list(range(len(lengths)))
    for places in found:
        longest = max(lengths[place] for place in places)
        assert min(lengths[place] for place in places) >= SHORTEST * longest
        assert len(places) == 1 or len(places) * longest <= TOKENS
