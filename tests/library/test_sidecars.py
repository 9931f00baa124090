import time
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.library.layout import LayoutRules
from sorterd.library.names import stem_and_extension
from sorterd.library.sidecars import renamed, sidecars

is_video = LayoutRules().is_video


def words(text: str) -> list[str]:
    return text.split()


def of(video: str, *names: str) -> list[str]:
    return sidecars(video, [video, *names], is_video)


def test_files_that_downloaders_put_beside_a_video_belong_to_it() -> None:
    names = ["a.info.json", "a.description", "a.jpg", "a.webp", "a.srt", "a.live_chat.json", "a.NFO"]
    assert of("a.mp4", *names) == sorted(names)


@pytest.mark.parametrize(
    "ending",
    words(
        ".image .json.xz .info.json.gz .xmp .mp4.xmp .url .webloc .desktop .ttml .en.ttml .srv3 .en.json3 "
        ".comments.json .avif .heic .gif .mp3 .m4a .opus .sub .idx .ssa .sbv .edl .funscript -thumb.jpg -poster.jpg "
        "_thumb.jpg -fanart.webp -POSTER.PNG .tsv .sup .bif .md5 .mp4.sha256 .vol0+1.par2 .AAE .thm .lrv .html "
        ".holiday.jpg .md .chapters.txt .1080p.json .en-US.sdh.srt .live_chat.json.zst .orig.jpg .never-heard-of"
    ),
)
def test_a_file_with_exactly_the_videos_stem_belongs_to_it(ending: str) -> None:
    assert of("some video [7388].mp4", f"some video [7388]{ending}") == [f"some video [7388]{ending}"]


@pytest.mark.parametrize(
    "ending",
    words(
        ".pdf .DOCX .xlsx .odt .pages .key .epub .zip .rar .7z .tar.gz .tgz .xz .gz .001 .r00 .part1.rar .iso .dmg "
        ".img .qcow2 .prproj .aep .drp .fcpxml .kdenlive .blend .psd .veg .capcut .aup3 .mlt .py .sh .ipynb .js .exe "
        ".msi .bat .AppImage .apk .app .part .mp4.part .en.vtt.part .ytdl .crdownload .mp4.aria2 .tmp "
        ".mp4.part-Frag12 .temp "
        ".!qB .torrent .db .kdbx .bak .jpg~ .mov .divx .rmvb .sql.gz .mp4.zip .info.json.tmp"
    ),
)
def test_documents_archives_projects_programs_and_unfinished_files_are_no_sidecars(ending: str) -> None:
    assert of("a.mp4", f"a{ending}") == []


@pytest.mark.parametrize("name", ["a.en.srt", "a.pt-BR.vtt", "a.zh-Hans-CN.ass", "a.en-orig.vtt", "a.en.forced.srt"])
def test_subtitles_may_name_their_language(name: str) -> None:
    assert of("a.mp4", name) == [name]


@pytest.mark.parametrize("name", ["a.mp4.jpg", "a.mp4.info.json", "a.mp4.en.srt"])
def test_the_whole_name_may_come_first(name: str) -> None:
    assert of("a.mp4", name) == [name]


@pytest.mark.parametrize(
    "name", ["b.jpg", "ab.jpg", "a2.jpg", "a.pdf", "a.part", "a", "a.mp4.part", "A.jpg", ".a.jpg", "a.", "a..jpg",
             "a. second.jpg", "a .jpg", "a-2.jpg", "a-other.jpg", "a_b.jpg", "a-thumbs.jpg", "a-thumb.zip", "a-thumb",
             "thumb.jpg", "a.mov.jpg", "a.webm.en.srt"]
)  # fmt: skip
def test_other_files_stay(name: str) -> None:
    assert of("a.mp4", name) == []


def test_a_file_that_two_videos_of_one_stem_share_stays_but_not_one_that_names_one_of_them() -> None:
    assert of("a.mp4", "a.mov", "a.jpg", "a.en.srt", "a.mp4.jpg", "a.mov.jpg") == ["a.mp4.jpg"]


def test_the_longer_stem_has_the_better_claim() -> None:
    assert of("a.mp4", "a.en.mp4", "a.en.srt", "a.srt") == ["a.srt"]
    assert of("a.en.mp4", "a.mp4", "a.en.srt", "a.srt") == ["a.en.srt"]


def test_a_file_that_could_belong_to_a_video_that_left_stays_until_they_are_together_again() -> None:
    names = ["a.mov", "a.jpg", "a.mov.jpg", "a.en.srt"]
    assert sidecars("a.mov", names, is_video, elsewhere=["a.mp4"]) == ["a.mov.jpg"]
    assert sidecars("a.mov", names, is_video, elsewhere=["a.en.mp4"]) == ["a.jpg", "a.mov.jpg"]
    assert sidecars("a.mov", names, is_video, elsewhere=["b.mp4"]) == ["a.en.srt", "a.jpg", "a.mov.jpg"]


def test_a_track_of_a_running_download_is_no_sidecar() -> None:
    assert of("x.mp4", "x.f137.mp4", "x.f140.m4a", "x.info.json") == ["x.info.json"]


@pytest.mark.parametrize(("one", "other"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_two_unicode_spellings_of_a_name_are_one(one: Literal["NFC", "NFD"], other: Literal["NFC", "NFD"]) -> None:
    video = unicodedata.normalize(one, "cafés à gogo.mp4")
    names = [unicodedata.normalize(other, f"cafés à gogo{end}") for end in (".jpg", ".mp4.xmp", "-thumb.jpg", ".é.srt")]
    assert of(video, *names) == sorted(names)
    for name in names:
        assert renamed(name, video, video) == name  # the spelling does not change without need
        assert renamed(name, video, "b.mp4").startswith("b")


PARTS = st.sampled_from(["a", "b", "é", "e\u0301", ".", "-thumb", "_thumb", " ", ".en", ".mp4", ".f137", "\udce9"])
ENDS = st.sampled_from([".mp4", ".mov", ".jpg", ".srt", ".info.json", ".pdf", ".json.xz", ".part", "", "-poster.jpg"])
NAMES = st.builds(lambda parts, end: "".join(parts) + end, st.lists(PARTS, min_size=1, max_size=4), ENDS)


@given(st.sets(NAMES, max_size=12))
def test_no_file_belongs_to_two_videos_and_every_one_keeps_its_tail(names: set[str]) -> None:
    videos = sorted(filter(is_video, names))
    taken: list[str] = []
    for video in videos:
        own = sidecars(video, names, is_video)
        taken += own
        for name in own:
            assert renamed(renamed(name, video, "other (2).mp4"), "other (2).mp4", video).endswith(name[-4:])
            assert renamed(name, video, "other (2).mp4").startswith("other (2)")
    assert len(taken) == len(set(taken))
    assert not set(taken) & set(videos)


@given(st.sets(NAMES, max_size=10), NAMES)
def test_a_further_video_takes_sidecars_from_others_but_gives_them_none(names: set[str], new: str) -> None:
    for video in filter(is_video, names - {new}):
        before, after = sidecars(video, names - {new}, is_video), sidecars(video, names | {new}, is_video)
        if is_video(new):
            assert set(after) <= set(before)
            if unicodedata.normalize("NFC", stem_and_extension(new)[0]) == unicodedata.normalize(
                "NFC", stem_and_extension(video)[0]
            ):
                assert set(sidecars(new, names | {new}, is_video)).isdisjoint(after)


def test_a_video_is_no_sidecar() -> None:
    rules = LayoutRules.of(["mp4", "webp"], [])
    assert sidecars("a.mp4", ["a.mp4", "a.webp", "a.jpg"], rules.is_video) == []
    assert sidecars("a.mp4", ["a.mp4", "a.mp4.webp", "a.jpg"], rules.is_video) == ["a.jpg"]


def test_a_crowded_inbox_is_no_trouble() -> None:
    names = [f"{number}{end}" for number in range(5_000) for end in (".mp4", ".jpg", ".info.json")]
    start = time.process_time()
    assert sidecars("4999.mp4", names, is_video) == ["4999.info.json", "4999.jpg"]
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("stem", ["[x] (1)", "a+b*c", "line\nbreak", "caf\udce9", "😀", "-rf", "%s{}"])
def test_odd_stems_are_taken_literally(stem: str) -> None:
    assert of(f"{stem}.mp4", f"{stem}.jpg", f"{stem}.en.srt", "x.jpg") == sorted([f"{stem}.jpg", f"{stem}.en.srt"])


@pytest.mark.parametrize(
    ("sidecar", "new"),
    [("a.jpg", "b (2).jpg"), ("a.en.srt", "b (2).en.srt"), ("a.mp4.jpg", "b (2).mp4.jpg")],
)
def test_a_sidecar_is_renamed_with_its_video(sidecar: str, new: str) -> None:
    assert renamed(sidecar, "a.mp4", "b (2).mp4") == new
