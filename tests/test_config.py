"""The config file: what is accepted, and what its owner is told about everything else."""

import tempfile
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sorterd.config import Config, ConfigError, MoveConfig, load_config, search_path
from sorterd.config.document import EXAMPLE
from sorterd.config.make_example import example
from sorterd.config.section import Setting, all_settings


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def complaint(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(write(folder, text))
    return str(caught.value)


# --- what is accepted -------------------------------------------------------------------------------------------------


def test_one_line_is_enough(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "videos: /srv/clips\n"))
    assert config == Config(videos=Path("/srv/clips"))
    assert config.move.threshold == 0.85
    assert config.line("videos") == 1
    assert config.file == tmp_path / "config.yaml"


def test_the_example_is_what_the_schema_says_and_can_be_used() -> None:
    assert EXAMPLE.read_text() == example(), "run: make example"
    config = load_config(EXAMPLE)
    assert config == Config(videos=config.videos)
    assert all(one.meaning if isinstance(one, Setting) else one.__doc__ for one in all_settings(Config).values())


def test_paths_are_relative_to_the_file_or_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    text = "videos: clips\nstate_dir: ~/state\nfeatures: {clip: {weights: ./w.pt}, whisper: models/base}\n"
    config = load_config(write(tmp_path, text))
    assert config.videos == tmp_path / "clips"
    assert config.state_dir == Path("/home/ann/state")
    assert config.features.clip.weights == str(tmp_path / "w.pt")
    assert config.features.whisper == str(tmp_path / "models/base")


def test_a_path_that_goes_up_is_named_as_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    config = load_config(write(tmp_path / "settings", "videos: ../clips\n"))
    assert config.videos == tmp_path.resolve() / "clips"


def test_a_relative_config_path_gives_absolute_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "videos: clips\n")
    monkeypatch.chdir(tmp_path)
    assert load_config(Path("config.yaml")).videos == tmp_path / "clips"
    assert load_config().videos == tmp_path / "clips"


def test_without_a_path_the_users_config_folder_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    with pytest.raises(ConfigError, match=r"sorterd setup.*--config.*config\.example\.yaml"):
        load_config()
    place = search_path()[1]
    place.parent.mkdir(parents=True)
    place.write_text("videos: /srv\n")
    assert load_config().file == place


@pytest.mark.parametrize(
    ("section", "key", "written", "read"),
    [
        *(("features", "whisper", word, "off") for word in ("off", "'off'", "OFF", "false")),
        *(("work", "window", time, "22:00-07:00") for time in ("22:00-07:00", "'22:00 - 7:00'", '"22:00–07:00"')),
        ("watch", "extensions", "[MP4, .mov, mp4]", (".mp4", ".mov")),
        ("train", "learn_from_auto_moves", "14", 14),
    ],
)
def test_a_setting_is_taken_as_people_write_it(
    tmp_path: Path, section: str, key: str, written: str, read: object
) -> None:
    config = load_config(write(tmp_path, f"videos: /srv\n{section}: {{{key}: {written}}}\n"))
    assert getattr(getattr(config, section), key) == read


def test_a_section_whose_lines_are_all_commented_out_means_the_defaults(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "videos: /srv\nmove:\n#  threshold: 0.9\nfeatures:\n  clip:\n"))
    assert config.move == MoveConfig()


def test_a_lone_time_which_is_a_number_in_yaml_is_not_said_to_lack_quotes(tmp_path: Path) -> None:
    assert complaint(tmp_path, "videos: /srv\nwork: {window: 22:00}\n").endswith("times of day such as 22:00-07:00")


def test_feature_settings_say_the_same_in_the_words_of_that_room(tmp_path: Path) -> None:
    text = "videos: /srv\nfeatures: {models: embedded, batch_size: 8, device: cpu, frames: 3}\n"
    settings = load_config(write(tmp_path, text)).feature_settings()
    assert (settings.models, settings.batch_size, settings.device, settings.frames) == ("embedded", 8, "cpu", 3)
    assert load_config(write(tmp_path, "videos: /srv\n")).feature_settings().batch_size is None


def test_a_config_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Config(videos=Path("/srv")).move.threshold = 0.1  # type: ignore[misc]


# --- what is refused, and how it is said ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("move: {threshold: 85}", "move.threshold is 85 (line 2): must be between 0 and 1; did you mean 0.85?"),
        ("move: {threshold: '0.9'}", "move.threshold is 0.9 (line 2): must be between 0 and 1; write 0.9"),
        ("move: {threshold: .nan}", "move.threshold is .nan (line 2): must be between 0 and 1"),
        ("move: {threshold: true}", "move.threshold is true (line 2): must be between 0 and 1"),
        ("move: {treshold: 0.9}", "move.treshold (line 2): not a setting; did you mean move.threshold?"),
        ("threshold: 0.9", "threshold (line 2): not a setting; did you mean move.threshold?"),
        ("colour: red", "colour (line 2): not a setting; remove it (config.example.yaml lists all that there are)"),
        ("move: {enabled: maybe}", "move.enabled is maybe (line 2): must be true or false"),
        ("move: {enabled: 1}", "move.enabled is 1 (line 2): must be true or false"),
        ("work: {window: 22-7}", "work.window is 22-7 (line 2): must be always, or two times of day such as 22:00-0"),
        ("work: {window: alway}", "such as 22:00-07:00; did you mean always?"),
        ("work: {on_battery: never}", "work.on_battery is never (line 2): must be true or false"),
        ("move: 5", "move is 5 (line 2): must be a section"),
        ("move: [a]", "move is a list (line 2): must be a section"),
        ("log: {level: debgu}", "must be debug, info, warning or error; did you mean debug?"),
        ("log: {level: }", "log.level is empty (line 2): must be debug, info, warning or error"),
        ("train: {candidates: [knn, svm]}", "train.candidates[1] is svm (line 2): must be a list of one or more of"),
        ("train: {candidates: knn}", "train.candidates is knn (line 2): must be a list"),
        ("train: {candidates: []}", "train.candidates is a list (line 2): must be a list of one or more"),
        ("train: {learn_from_auto_moves: -1}", "train.learn_from_auto_moves is -1 (line 2): must be never, or a"),
        ("features: {frames: 0}", "features.frames is 0 (line 2): must be a whole number from 1 to 64"),
        ("features: {frames: 2.5}", "features.frames is 2.5 (line 2): must be a whole number"),
        ("features: {batch_size: 0}", "features.batch_size is 0 (line 2): must be auto or a whole number"),
        ("features: {whisper: bsae}", "features.whisper is bsae (line 2): must be a Whisper size such as base,"),
        ("features: {whisper: bsae}", "or off; did you mean base?"),
        ("features: {clip: {model: 5}}", 'must be auto, or the name of an open_clip model; write "5" in quotes'),
        ("watch: {settle_seconds: -1}", "watch.settle_seconds is -1 (line 2): must be a number of seconds from 0"),
        ("watch: {extensions: [mp4, a/b]}", "watch.extensions is a list (line 2): must be a list of file name"),
        ("watch: {ignore: [no]}", "watch.ignore[0] is no (line 2): must be a list of names or patterns"),
        ("watch: {ignore: [no]}", "(a bare no means false in YAML; quote it to mean the word)"),
        ("state_dir: ~", '(a lone ~ means "nothing" in YAML; write "~" in quotes)'),
        ("state_dir: ''", "state_dir is empty (line 2): must be the path of a folder of its own"),
        ("state_dir: ~nobody-of-that-name/x", "state_dir is ~nobody-of-that-name/x (line 2): must be the path"),
        ("videos: /other", "videos (line 2): already given in line 1; keep one of them"),
        ("log: {level: !!python/name:os.system x}", "YAML tags such as tag:yaml.org,2002:python/name:os.system are"),
        ("move: {threshold: !!int x}", "move.threshold is x (line 2): cannot be read as int"),
        ("move: {? [a] : b}", "move (line 2): a key must be a plain word"),
        ('log: {level: "\\e[2J\\u202e"}', r"log.level is \x1b[2J\u202e (line 2): must be debug"),
    ],
)
def test_each_mistake_is_named_with_key_value_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    message = complaint(tmp_path, f"videos: /srv\n{text}\n")
    assert message.startswith(f"{tmp_path / 'config.yaml'}: ")
    assert said in message


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    message = complaint(tmp_path, "move:\n  threshold: 85\n  enabled: maybe\nlgo: {}\nwatch:\n  rescan_seconds: 0\n")
    assert message.splitlines()[0].endswith("has 5 problems:")
    keys = [line.split()[0].rstrip(":") for line in message.splitlines()[1:]]
    assert keys == ["videos", "move.threshold", "move.enabled", "lgo", "watch.rescan_seconds"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty: it must at least say"),
        ("# only a comment\n", "is empty: it must at least say"),
        ("- videos\n- /srv\n", "line 1: must be made of `key: value` lines"),
        ("just text\n", "line 1: must be made of `key: value` lines"),
        ("videos: /srv\nmove:\n\tthreshold: 0.9\n", "line 3: YAML cannot be indented with tabs; use spaces"),
        ("videos: /srv\nmove:\t{enabled: false}\n", "line 2: YAML takes no tab there; use spaces"),
        ("videos: /srv\nmove: {\n", "line 3: expected"),
        (b"videos: /srv\nlog: {level: \xff}\n", "line 2: is not UTF-8 text"),
        ("videos: /srv\nlog: {level: \0}\n", "line 2: holds a control character"),
        ("videos: /srv\n---\nvideos: /srv\n", "line 2: but found another document"),
        ("a: &a [x]\nvideos: *a\n", "line 2: aliases (`*name`) are not used"),
        ("videos: " + "[" * 30_000 + "\n", "line 1: is nested too deeply"),
        ("videos: /srv\n" + "# long\n" * 20_000, "is larger than 64 KiB"),
        ("videos: /srv\nmove: {threshold: " + "9" * 9_000 + "}\n", "cannot be read as int"),
    ],
)
def test_what_is_not_a_config_at_all_is_refused_in_one_sentence(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert said in complaint(tmp_path, text)


def test_on_macos_the_config_may_lie_where_the_readme_for_linux_puts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert search_path()[-1] == Path.home() / ".config" / "sorterd" / "config.yaml"


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"does not exist; copy /.*sorterd/config\.example\.yaml there"):
        load_config(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="is a folder"):
        load_config(tmp_path)


def loads_or_explains(text: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            load_config(write(Path(folder), text))
        except ConfigError as error:
            return all(problem.remedy for problem in error.problems) and bool(error.problems)
        return True


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_whatever_is_in_the_file_it_is_loaded_or_explained(data: bytes) -> None:
    assert loads_or_explains(b"videos: /srv\n" + data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(all_settings(Config))), VALUES)
def test_any_value_at_any_key_is_accepted_or_explained(key: tuple[str, ...], value: object) -> None:
    for part in reversed(key):
        value = {part: value}
    assert loads_or_explains(yaml.safe_dump(value, allow_unicode=True).encode())
