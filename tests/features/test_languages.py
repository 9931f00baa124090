import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.features.languages import is_latin, reads_all, unread_captions, unread_speech


@pytest.mark.parametrize(
    ("languages", "says"),
    [
        ({"en": 4, "es": 6}, "in 60% of the videos with speech it is not English (most often Spanish)"),
        (
            {"en": 1000, "vi": 900, "th": 200},
            "in 52% of the videos with speech it is not English",
        ),
        ({"cy": 12}, "in 100% of the videos with speech it is not English (most often cy)"),
    ],
)
def test_speech_that_is_mostly_not_english_is_told(languages: dict[str, int], says: str) -> None:
    found = unread_speech(languages, "ViT-B-32") or ""
    assert says in found
    assert "ViT-B-32 reads English only" in found


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("pasta with lemon", True),
        ("Cách làm phở bò tại nhà", True),
        ("Çiğ köfte nasıl yapılır", True),
        ("Рецепт борща", False),
        ("今日はケーキを焼きます", False),
        ("วิธีทำ", False),
        ("مرحبا بالجميع", False),
        ("How to: 今日はケーキを焼きます", False),
        ("Borscht (борщ) at home", True),
        ("🍜🍜 123", True),
        ("", True),
    ],
)
def test_the_script_of_most_letters_counts(text: str, latin: bool) -> None:
    assert is_latin(text) is latin


def test_captions_mostly_in_other_scripts_are_told() -> None:
    texts = ["Рецепт борща"] * 8 + ["pasta"] * 4
    assert str(unread_captions(texts, "MiniLM")).startswith("67% of the captions are not in Latin letters, and MiniLM")
    assert unread_captions(texts[:9], "MiniLM") is None
    assert unread_captions(["pasta"] * 20, "MiniLM") is None


@pytest.mark.parametrize(
    ("model", "all_languages"),
    [
        ("xlm-roberta-base-ViT-B-32", True),
        ("ViT-B-16-SigLIP2-256", True),
        ("ViT-B-16-SigLIP-i18n-256", True),
        ("ViT-H-14-worldwide", True),
        ("ViT-B-32", False),
        ("ViT-B-32-quickgelu", False),
        ("roberta-ViT-B-32", False),
        ("ViT-B-16-SigLIP", False),
    ],
)
def test_models_for_many_languages_are_known_by_their_names(model: str, all_languages: bool) -> None:
    assert reads_all(model) is all_languages


@given(st.dictionaries(st.sampled_from(["en", "es", "ja", ""]) | st.text(max_size=3), st.integers(1, 12)))
def test_from_ten_videos_on_it_is_told_if_less_than_half_is_english(languages: dict[str, int]) -> None:
    found = unread_speech(languages, "-")
    assert (found is not None) == (
        sum(languages.values()) >= 10 and 2 * languages.get("en", 0) < sum(languages.values())
    )
