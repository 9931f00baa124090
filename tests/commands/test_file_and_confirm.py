"""`file` and `confirm`: what is typed, and what it says."""

from pathlib import Path

import pytest
from support.service import running
from support.typed import asked, typed

from commands.filed_library import Library

ODD = "odd\x1b.mp4"


def test_videos_are_filed_where_the_user_says(library: Library) -> None:
    library.workspace.lay_out({"odd\x1b.jpg": b"picture", "dogs": {}})
    assert library.type("file", ODD, "cats/a.mp4", "dogs") == (
        0,
        "odd\\x1b.mp4 is now dogs/odd\\x1b.mp4 (move 3), with 1 of its sidecars\n"
        "cats/a.mp4 is now dogs/a.mp4 (move 4)\n",
        "",
    )
    assert {"dogs/a.mp4", "dogs/odd\x1b.mp4", "dogs/odd\x1b.jpg"} <= library.on_disk()
    assert library.json("status")["categories"]["dogs"] == {"user": 2, "auto": 0, "confirmed": 0}
    assert library.json("status")["moves"] == {"total": 2, "undone": 0, "corrected": 1}
    assert library.json("undo", "--last", "2")["refused"] == []
    assert library.json("status")["categories"]["cats"] == {"user": 1, "auto": 2, "confirmed": 0}


@pytest.mark.parametrize("folder", ["{root}/cats", "cats/", "./videos/cats", "{root}/cats/", "CATS"])
def test_a_folder_is_named_as_the_shell_completes_it(library: Library, folder: str) -> None:
    (filed,) = library.json("file", str(library.workspace.root / ODD), folder.format(root=library.workspace.root))[
        "filed"
    ]
    assert filed["to"] == f"cats/{ODD}"


def test_a_folder_is_named_from_inside_of_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library.workspace.root / "cats")
    assert library.json("file", f"../{ODD}", ".")["filed"][0]["to"] == f"cats/{ODD}"


def test_a_new_folder_is_made_when_asked_for(library: Library) -> None:
    code, out, err = library.type("file", ODD, "cat")
    assert (code, out) == (1, "")
    assert err == "sorterd: there is no folder cat; did you mean cats? A new one is made only if you say so (--new)\n"
    assert library.json("file", "--new", ODD, str(library.workspace.root / "cat"))["filed"][0]["to"] == f"cat/{ODD}"


def test_what_is_no_category_is_refused(library: Library) -> None:
    for folder in ("..", "/tmp", "cats/kittens", ".hidden", "videos/cats/kittens/", "."):
        complaint = library.type("file", "--new", ODD, folder).refused()
        assert complaint.startswith("sorterd: nothing can be filed in "), folder
    assert ODD in library.on_disk()


def test_what_is_not_filed_is_said_and_fails_and_the_rest_is_filed(library: Library) -> None:
    code, out, _ = library.type("file", "nowhere.mp4", ODD, "cats/old.mp4", "cats")
    assert code == 1
    assert out.splitlines() == [
        "odd\\x1b.mp4 is now cats/odd\\x1b.mp4 (move 3)",
        "nowhere.mp4 was not filed: no video is known at nowhere.mp4; 'sorterd find' looks for one by name",
        "cats/old.mp4 was not filed: cats/old.mp4 is in cats already",
    ]


def test_many_are_filed_in_several_requests(library: Library) -> None:
    names = [f"{'x' * 200}-{number}.mp4" for number in range(50)]
    library.workspace.lay_out({name: name.encode() for name in names})
    answer = library.json("file", *(f"videos/{name}" for name in names), "cats")
    assert [one["from"] for one in answer["filed"]] == names
    assert [one["id"] for one in answer["filed"]] == list(range(3, 53))


def test_nothing_is_filed_while_the_disk_is_away(library: Library) -> None:
    root: Path = library.workspace.root
    root.rename(root.with_name("elsewhere"))
    assert "is not there; is the disk that holds it mounted?" in library.type("file", "a.mp4", "cats").refused()
    root.mkdir()
    assert "all 4 known videos are missing" in library.type("file", "--new", "a.mp4", "birds").refused()
    assert list(root.iterdir()) == []
    root.rmdir()
    root.with_name("elsewhere").rename(root)


def test_several_videos_are_confirmed_and_whole_folders(library: Library) -> None:
    assert library.type("confirm", "cats/a.mp4", "videos/cats/") == (
        0,
        "cats/a.mp4 now teaches what belongs into cats.\ncats/b.mp4 now teaches what belongs into cats.\n",
        "",
    )
    assert "nothing in cats is there by a move" in library.type("confirm", "cats").refused()


def test_all_moves_are_confirmed(library: Library) -> None:
    assert [one["path"] for one in library.json("confirm", "--all")["confirmed"]] == ["cats/a.mp4", "cats/b.mp4"]
    assert library.type("confirm", "--all") == (0, "There is no move to confirm.\n", "")


def test_of_one_video_the_answer_is_what_it_always_was(library: Library) -> None:
    answer = library.json("confirm", "cats/a.mp4")
    assert (answer["path"], answer["category"]) == ("cats/a.mp4", "cats")


@pytest.mark.parametrize("arguments", [["confirm"], ["confirm", "--all", "a.mp4"], ["file"], ["file", "a.mp4"]])
def test_too_few_and_too_many_arguments_are_wrong_usage(arguments: list[str]) -> None:
    assert typed(*arguments).code == 2


def test_a_config_with_the_state_of_another_library_changes_nothing_there(library: Library, tmp_path: Path) -> None:
    (tmp_path / "memes").mkdir()
    second = tmp_path / "second.yaml"
    second.write_text("videos: memes\nstate_dir: state\n")
    with running(library.config) as service:
        service.wait_for("started")
        for words in (("undo",), ("confirm", "--all"), ("retry",), ("pause",), ("review", "--web")):
            assert "is about " in asked(second, *words).refused()
    assert {"cats/a.mp4", "cats/b.mp4"} <= library.on_disk()
    assert library.json("status")["categories"]["cats"] == {"user": 1, "auto": 2, "confirmed": 0}


def test_commands_work_after_the_folder_of_videos_was_renamed(library: Library, tmp_path: Path) -> None:
    library.workspace.root.rename(tmp_path / "clips")
    library.config.write_text(library.config.read_text().replace("videos: videos", "videos: clips"))
    assert library.json("undo")["refused"] == []


def test_a_folder_or_a_file_from_elsewhere_is_said_to_be_one(library: Library, tmp_path: Path) -> None:
    library.workspace.lay_out({"dogs": {}})
    (tmp_path / "far.mp4").write_bytes(b"far")
    code, out, _ = library.type("file", "cats", str(tmp_path / "far.mp4"), str(library.workspace.root), "dogs")
    assert code == 1
    assert out.splitlines() == [
        "cats was not filed: cats is a folder; name the videos in it",
        f"{tmp_path}/far.mp4 was not filed: {tmp_path}/far.mp4 is not in {library.workspace.root}; move it there first",
        f"{library.workspace.root} was not filed: {library.workspace.root} is a folder; name the videos in it",
    ]
