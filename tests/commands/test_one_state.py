"""One library has one state, whichever way it is named."""

from pathlib import Path

import pytest
from support.typed import typed

from sorterd.store.homes import default_state, state_by_folder

CHEAP = "features: {models: embedded}\nwatch: {settle_seconds: 0}\n"


class Named:
    """One folder of videos, and the ways to name it."""

    def __init__(self, folder: Path) -> None:
        self.videos = folder / "videos"
        (self.videos / "cats").mkdir(parents=True)
        self.config, self.elsewhere = folder / "config.yaml", folder / "state.yaml"
        self.config.write_text(f"videos: videos\n{CHEAP}")
        self.elsewhere.write_text(f"videos: videos\nstate_dir: state\n{CHEAP}")

    def by_folder(self) -> list[str]:
        return ["--videos", str(self.videos)]

    def by_config(self) -> list[str]:
        return ["--config", str(self.config)]

    def by_state_dir(self) -> list[str]:
        return ["--config", str(self.elsewhere)]

    def begin(self, named: list[str]) -> None:
        typed(*named, "pause").done()

    def state(self, named: list[str]) -> tuple[Path, str]:
        """The state folder that a command uses, and what it complains of."""
        said = typed(*named, "status", "--json")
        return Path(said.json["artifacts"]).parent.resolve(), said.err


@pytest.fixture
def named(tmp_path: Path) -> Named:
    return Named(tmp_path)


def test_what_was_begun_with_the_folder_is_found_by_a_config(named: Named) -> None:
    named.begin(named.by_folder())
    assert named.state(named.by_config()) == named.state(named.by_folder()) == (state_by_folder(named.videos), "")


def test_what_was_begun_with_a_config_is_found_by_the_folder(named: Named) -> None:
    named.begin(named.by_config())
    assert named.state(named.by_folder()) == named.state(named.by_config()) == (default_state(), "")


def test_what_lies_where_a_config_says_is_found_by_the_folder_and_by_another_config(named: Named) -> None:
    named.begin(named.by_state_dir())
    there = named.elsewhere.with_name("state")
    for way in (named.by_folder(), named.by_config(), named.by_state_dir()):
        assert named.state(way) == (there, "")


def test_a_question_begins_nothing(named: Named) -> None:
    named.state(named.by_folder())
    named.state(named.by_state_dir())
    assert not state_by_folder(named.videos).exists()
    assert not named.elsewhere.with_name("state").exists()


def test_of_two_states_the_one_that_a_config_names_counts_and_the_other_is_said_to_exist(named: Named) -> None:
    named.begin(named.by_folder())
    state, said = named.state(named.by_state_dir())
    assert state == named.elsewhere.with_name("state")
    assert f"has another state, with labels and moves of its own, in {state_by_folder(named.videos)}" in said


def test_another_librarys_default_state_is_not_taken(named: Named, tmp_path: Path) -> None:
    named.begin(named.by_config())
    (tmp_path / "others").mkdir()
    assert named.state(["--videos", str(tmp_path / "others")])[0] == state_by_folder(tmp_path / "others")
