"""Names that programs give to unfinished files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.library.downloads import ENDINGS, awaited, not_whole, targets, tracks

# Format ids from bug reports and from yt-dlp's extractors.
IDS = [
    "137", "123v", "1177720656306079v", "10155529878241509a", "video-1080p", "bytevc1_540p_1030", "hls-720",
    "140-drc", "hls-1.5", "dash-video", "sd", "hd", "https-mp4", "play_addr", "audio_eng", "hls-audio-English",
    "av1_1080p",
]  # fmt: skip
ORDINARY = [
    "trip.final.mp4", "cats.funny.mp4", "IMG_2024.01.05.mp4", "part.2.mp4", "v1.2.mp4", "a.mp4", "dog[1].mp4",
    "trip.final2.mp4", "party.friday.13.mp4", "final.cut.mp4", "x.F1.mp4", "mr.f 137.mp4", ".f137.mp4",
    "dr.fun+.mp4", "a [7388123456789012345].mp4", "temp.mp4", "Trip.Full.HD.mp4", "clip.from.2023.mp4", "f137.mp4",
]  # fmt: skip


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("stem", ["x", "cats.funny", "title [abc]", "😀 line\nbreak", "\udce9", "...wait for it"])
def test_a_track_is_recognised_by_name_alone_if_its_id_has_a_digit_or_is_known(id: str, stem: str) -> None:
    name = f"{stem}.f{id}.mp4"
    assert tracks([name, "other.mp4"])[name].sure


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_names_are_no_tracks(name: str) -> None:
    assert tracks([name, "other.mp4", "other.mp4.part", "other.f137.mp4"]).keys() <= {"other.f137.mp4"}


@pytest.mark.parametrize(
    "beside", ["x.mp4.part", "x.fabc.m4a", "x.fxyz.m4a.part", "x.f140.m4a", "x.f140.m4a.ytdl", "x.temp.mp4"]
)
def test_an_unknown_id_makes_a_track_beside_another_file_of_the_download(beside: str) -> None:
    assert tracks(["x.fqrs.mp4", beside])["x.fqrs.mp4"].sure
    assert not tracks(["x.fqrs.mp4", "y" + beside])["x.fqrs.mp4"].sure


def test_an_ordinary_word_makes_a_track_only_beside_an_undoubted_one() -> None:
    assert tracks(["trip.final.mp4", "trip.mp4.part", "trip.fast.mp4", "trip.mp4"]) == {}
    assert tracks(["trip.final.mp4", "trip.f140.m4a.part"])["trip.final.mp4"].sure


def test_a_name_and_the_number_of_a_video_make_a_track_only_without_sound() -> None:
    assert not tracks(["tom.foxy99_7388123456789012345.mp4"])["tom.foxy99_7388123456789012345.mp4"].sure
    assert tracks(["x.fhls_7388123456789012345.mp4"])["x.fhls_7388123456789012345.mp4"].sure


def test_a_joined_file_waits_for_the_one_that_replaces_it() -> None:
    assert tracks(["a.mp4", "a.temp.mp4", "aa.mp4"]).keys() == {"a.mp4", "a.temp.mp4"}


def test_pieces_are_recognised_beside_each_other() -> None:
    assert tracks(["a[00].mp4", "a[01].mp4.download", "b[1].mp4"]).keys() == {"a[00].mp4"}
    assert tracks(["a[0].flv", "a[1].flv"]).keys() == {"a[0].flv", "a[1].flv"}


def test_all_files_of_the_stem_belong_to_the_download() -> None:
    group = tracks(["x.f137.mp4", "x.f140.m4a.part", "x.info.json", "x.webp", "xx.mp4", "y.mp4"])["x.f137.mp4"].group
    assert group == {"x.f137.mp4", "x.f140.m4a.part", "x.info.json", "x.webp"}


@pytest.mark.parametrize(
    "ending", [*ENDINGS, ".PART", ".Ab12_-Zq.mp4.part", ".1a2b3c4d.partial", ".part-Frag12", "-Frag3"]
)
def test_a_partial_file_makes_the_one_beside_it_unfinished(ending: str) -> None:
    partial = f"a{ending}" if ".mp4" in ending else f"a.mp4{ending}"
    assert not_whole(["a.mp4", partial, "b.mp4"]) == {"a.mp4": partial}
    assert awaited("a.mp4", [partial, "b.mp4"]) == partial


def test_a_partial_file_of_another_video_says_nothing() -> None:
    assert not_whole(["a.mp4", "b.mp4.part", "a.part", "a.mp4.jpg", "aa.mp4.aria2", ".part"]) == {}


def test_a_salted_name_may_also_be_plain() -> None:
    assert targets("x.fhls-720.mp4.part") == ["x.fhls-720.mp4", "x.mp4"]


@pytest.mark.parametrize("beside", ["a.f137.mp4", "a.f140.m4a", "a.temp.mp4", "a.fqrs.mp4.part"])
def test_tracks_announce_their_joined_file(beside: str) -> None:
    assert awaited("a.mp4", ["b.mp4", beside]) == beside
    assert awaited("b.mp4", ["b.mp4", beside]) is None


@pytest.mark.parametrize("beside", ["a.final.mp4", "a.final.mp4.part", "a.fqrs.mp4", "a.jpg"])
def test_ordinary_names_announce_nothing(beside: str) -> None:
    assert awaited("a.mp4", [beside]) is None


PIECES = st.sampled_from(
    ["x", "y", "trip", "final", "funny", "f137", "fsd", "fqrs", "temp", "part", "mp4", "m4a", "aria2", "[0]"]
)
NAMES = st.lists(PIECES, min_size=1, max_size=4).map(".".join)


@given(st.sets(NAMES, max_size=6), st.sets(NAMES, max_size=6))
def test_more_names_beside_it_never_make_a_track_a_video(names: set[str], more: set[str]) -> None:
    before, after = tracks(names), tracks(names | more)
    for name, track in before.items():
        assert after[name].sure >= track.sure
        assert after[name].group >= track.group


@given(st.sets(NAMES, max_size=6), st.sets(NAMES, max_size=6))
def test_names_of_other_stems_never_make_a_video_a_track(names: set[str], more: set[str]) -> None:
    others = {f"other {name}" for name in more}
    after = tracks(names | others)
    assert {name: track for name, track in after.items() if name in names} == tracks(names)


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_can_be_a_name(one: str, other: str) -> None:
    names = {one, f"{one}.f{other}.mp4", f"{one}.f1.mp4", other}
    found = tracks(names)
    assert set(found) <= names
    assert all(name in track.group for name, track in found.items())
    not_whole(names)
    awaited(one, names)
