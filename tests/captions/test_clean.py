"""Cleaning a caption."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.captions.caption import Caption, Fields
from sorterd.captions.clean import LONGEST, clean, visible
from sorterd.captions.hashtags import Vocabulary

WORDS = Vocabulary.of({"the": 1, "bread": 2, "baking": 3, "home": 4, "made": 5})
PIECES = [
    "@jane",
    "@",
    "#",
    "#cat",
    "cat ",
    "Replying to ",
    "ib:",
    "(",
    ")",
    "https://x.org",
    "www.",
    " ",
    ".com",
    "に返信",
    "ก็",
]
ANY = st.one_of(
    st.text(st.characters(), max_size=200),  # lone surrogates too
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
)


def cleaned(description: str, *, title: str = "", author: str = "", tags: tuple[str, ...] = ()) -> str:
    return clean(Fields(title, description, tags, author), WORDS).text


def test_it_is_encoded_as_author_words_and_tags() -> None:
    found = cleaned("My first sourdough #bakingbread #HomeMade #fyp", author="@jane")
    assert found == "jane: My first sourdough. baking bread, home made"


@pytest.mark.parametrize(
    "nothing",
    [
        *("", " ", "#fyp", "#fyp #foryou #viral", "#foryoupage #xyzbca #4u", "lol", "🔥🔥🔥", "@somebody @else", "…"),
        *("https://example.com/x?y=z", "www.example.com", "linktr.ee/somebody", "#", "###", "12 34", "#reels wow"),
        *(
            "\u200b\u200b",
            "\ud800\udfff",
            "#FYP #ForYou",
            "＃fyp",
            "बिल्ली",
            "fyp viral",
            "Replying to @jane",
            "cr: @jane",
        ),
    ],
)
def test_what_tells_nothing_is_no_caption(nothing: str) -> None:
    assert clean(Fields(description=nothing, author="jane"), WORDS) == Caption()


def test_two_words_or_one_tag_tell_something() -> None:
    assert cleaned("wheel throwing") == "wheel throwing"
    assert cleaned("#pottery") == "pottery"
    assert cleaned("wow #pottery #fyp") == "pottery"


def test_words_of_scripts_without_blanks_are_counted_by_their_characters() -> None:
    assert cleaned("陶芸の教室へ") == "陶芸の教室へ"
    assert cleaned("犬") == ""


def test_addresses_and_names_of_others_are_left_out() -> None:
    assert cleaned("lemon pasta with @chef.anna see https://a.example/b and www.b.example mail me@there.org") == (
        "lemon pasta with see and mail"
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Replying to @jane.x how I glaze it", "how I glaze it"),
        ("#duet with @jane she is right", "she is right"),
        ("a girl in the world (cr: @jane.edits)", "a girl in the world"),
        ("ib: @jane dc @joe my first dance", "my first dance"),
        ("Trả lời @linh đây nhé mọi người", "đây nhé mọi người"),
        ("Membalas @siti tutorial hijab", "tutorial hijab"),
        ("الرد على @ahmed كيف تتعلم البرمجة", "كيف تتعلم البرمجة"),
        ("ตอบกลับ @ผู้ใช้ ทำอาหารเย็น", unicodedata.normalize("NFKC", "ทำอาหารเย็น")),
        ("@ゆうこ に返信 ヘアアレンジの動画", "ヘアアレンジの動画"),
        ("@yukoさんへの返信ヘアアレンジの動画", "ヘアアレンジの動画"),
        ("Responder a @juan así se hace la masa", "así se hace la masa"),
        ("Ответ пользователю @masha ремонт самому", "ремонт самому"),
        ("@jane님에게 보내는 답장 떡볶이 레시피", "떡볶이 레시피"),
        ("my reply to the question", "my reply to the question"),
        ("簡単パスタ@yuko", "簡単パスタ"),
        ("it was so good.Me and my cat", "it was so good.Me and my cat"),
        ("9.5/10 would cook again", "9.5/10 would cook again"),
        ("cook this: shop.example.de/pan and t.me/cooks", "cook this: and"),
        ("先に見てexample.com陶芸の動画", "先に見て 陶芸の動画"),
    ],
)
def test_what_belongs_to_a_mention_or_an_address_goes_with_it(written: str, told: str) -> None:
    assert cleaned(written) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("#ทำอาหาร", "ทำอาหาร"), ("#हिन्दी_गाना", "हिन्दी गाना"), ("#كُنافة", "كُنافة"), ("#làmbánh", "làmbánh"),
        ("#pottery🔥 #clay", "pottery, clay"), ("#cat#dog", "cat, dog"), ("#cat, (#dog) #bird!", "cat, dog, bird"),
        ("#cat's toy today", "'s toy today. cat"), ("#美食[话题]#", "美食"), ("प्यारी बिल्ली", "प्यारी बिल्ली"),
    ],
)  # fmt: skip
def test_letters_of_all_scripts_are_letters(written: str, told: str) -> None:
    assert cleaned(written) == unicodedata.normalize("NFKC", told)


def test_what_cannot_be_seen_is_left_out_and_look_alikes_become_plain() -> None:
    assert cleaned("le\u200bmon\u202e pa\u00adsta\nfor \ud83d two") == "lemon pasta for two"
    assert cleaned("ｌｅｍｏｎ 𝓹𝓪𝓼𝓽𝓪") == "lemon pasta"


def test_a_title_counts_only_where_it_is_not_the_beginning_of_the_description() -> None:
    long = "How to throw a bowl on the wheel without losing your mind"
    assert cleaned(long, title="How to throw a bowl...") == long
    assert cleaned(long, title="How to throw a bowl…") == long
    assert cleaned("more below", title="Wheel lesson") == "Wheel lesson. more below"
    assert cleaned("glaze tests today", title="Video by jane") == "glaze tests today"
    assert cleaned("glaze tests today", title="TikTok video #7301234567890123456") == "glaze tests today"
    assert cleaned("", title="TikTok video #7301234567890123456") == ""


def test_tags_of_the_metadata_count_once_with_those_in_the_text() -> None:
    assert cleaned("#pottery", tags=("pottery", "Wheel", "#glaze", "fyp")) == "pottery, wheel, glaze"


def test_it_is_cut_at_a_blank() -> None:
    found = clean(Fields(description="word " * 1000), WORDS).words
    assert len(found) <= LONGEST
    assert set(found.split()) == {"word"}


@given(ANY, ANY, st.lists(ANY, max_size=4), ANY)
def test_whatever_was_written_is_cleaned_in_bounds(title: str, description: str, tags: list[str], author: str) -> None:
    caption = clean(Fields(title, description, tuple(tags), author), WORDS)
    assert len(caption.text) <= LONGEST + 20 * 62 + 70
    caption.text.encode()  # no lone surrogate is left
    assert not [char for char in caption.text if unicodedata.category(char) in ("Cf", "Cs", "Co", "Cn", "Cc")]
    again = clean(Fields("", caption.words, caption.tags, caption.author), WORDS)
    assert (again.words, again.tags) == (caption.words, caption.tags)


@given(ANY)
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "a.", "a-", "@", "#", "#a", "ib ", "ib:", "(", "( ", "reply to ", "@a.", "a@", "https://", "tik",
     "fypage", "ก็", "に", "＃", "\u0301", "[话题]#", "so.me/"],
)  # fmt: skip
def test_the_time_grows_no_faster_than_the_text(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    began = time.process_time()
    clean(Fields(text, text, (text, text), text), WORDS)
    assert time.process_time() - began < 1
