"""The settings: their names, types, limits and defaults.

`make example` writes config.example.yaml from here, where each `title` explains its setting. Each `description` ends
the sentence "must be ...".
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr

from sorterd.config.document import ConfigDocument
from sorterd.config.home import state_home
from sorterd.config.pool_config import PoolConfig
from sorterd.config.section import Section
from sorterd.config.values import (
    AUTO_OR_COUNT,
    NEVER_OR_DAYS,
    SECTION,
    WHISPER_SIZES,
    WINDOW,
    Candidate,
    FilePath,
    Pause,
    Seconds,
    Switch,
    Words,
    auto_or_count,
    extensions_of,
    never_or_days,
    path_or_name,
    speech_model,
    work_window_of,
)
from sorterd.defaults import HEADS, THRESHOLD
from sorterd.features.settings import AUTO, FeatureSettings
from sorterd.library.kinds import DEFAULT_EXTENSIONS
from sorterd.work_window import ALWAYS


class WatchConfig(Section):
    """Which files are videos, and when a new file is taken."""

    settle_seconds: Pause = Field(default=5.0, title="a file is looked at when it has not changed for this long")
    rescan_seconds: Seconds = Field(
        default=300.0, title="how often the whole folder is compared with what is known, in case an event was lost"
    )
    polling: Switch = Field(
        default=False,
        title="true: look every few seconds instead of waiting for events, for network folders that send none",
    )
    extensions: Annotated[Words, AfterValidator(extensions_of), Field(min_length=1)] = Field(
        default=tuple(f".{name}" for name in sorted(DEFAULT_EXTENSIONS)),
        title="what counts as a video",
        description="a list of file name extensions such as [mp4, mov]",
    )
    ignore: Words = Field(
        default=(),
        title="further names or patterns to leave alone, such as [drafts, '*.raw.mp4']",
        description="a list of names or patterns such as [drafts, '*.tmp.mp4']",
    )
    download_from_cloud: Switch = Field(
        default=False,
        title="videos only in iCloud (macOS): true: download them to look at them; false: wait until you open them",
    )


class ClipConfig(Section):
    """The CLIP model, for `features.models` clip or auto."""

    model: str = Field(
        default=AUTO,
        min_length=1,
        title="the open_clip model; auto: the one that the library has, at first ViT-B-32",
        description="auto, or the name of an open_clip model",
    )
    weights: Annotated[str, BeforeValidator(path_or_name)] = Field(
        default=AUTO,
        min_length=1,
        title="its open_clip tag; or the path of a checkpoint or its folder, with a / in it, such as ./clip; or auto",
        description="auto, an open_clip tag such as openai, or the path of a checkpoint or of its folder",
    )


class FeaturesConfig(Section):
    """How a video becomes a vector, and what that may cost."""

    models: Literal["auto", "clip", "embedded"] = Field(
        default="auto",
        title="auto: CLIP if it is here or can be fetched, else embedded; clip; embedded: from the package index",
        description="auto, clip or embedded",
    )
    clip: ClipConfig = Field(default=ClipConfig(), description=SECTION)
    whisper: Annotated[str, BeforeValidator(speech_model)] = Field(
        default="base",
        title="a Whisper size, the path of a CTranslate2 folder, or off: do not listen",
        description="a Whisper size such as base, the path of a CTranslate2 folder, or off",
        examples=["off", *WHISPER_SIZES],
    )
    frames: int = Field(
        default=5,
        ge=1,
        le=64,
        title="pictures taken from each video, spread over its length",
        description="a whole number from 1 to 64",
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto",
        title="auto: the GPU if there is one and enough for it to do; cpu; cuda",
        description="auto, cpu or cuda",
    )
    batch_size: Annotated[Literal["auto"] | int, BeforeValidator(auto_or_count), AUTO_OR_COUNT] = Field(
        default="auto",
        title="pictures at once; auto: as many as memory allows",
        description="auto or a whole number of at least 1",
    )
    idle_unload_seconds: Seconds = Field(
        default=300.0, title="unload the models after so long without work, which frees all their memory"
    )
    captions: Switch = Field(
        default=True,
        title="also read what a video says about itself: its name, .info.json, .description, .txt, myfaveTT's captions",
    )
    timeout_seconds: Seconds = Field(default=120.0, title="a video that takes longer is given up as unreadable")


class TrainConfig(Section):
    """When a model is trained, and from what."""

    candidates: Annotated[tuple[Candidate, ...], Field(strict=False, min_length=1)] = Field(
        default=HEADS,
        title="kinds of classifier that count together, each for what it adds on your videos",
        description=f"a list of one or more of {', '.join(HEADS)}",
        examples=list(HEADS),
    )
    min_per_category: int = Field(
        default=1,
        ge=1,
        le=1000,
        title="folders with fewer filed videos than this are ignored",
        description="a whole number of at least 1",
    )
    debounce_seconds: Pause = Field(
        default=5.0, title="after you move a file, wait this long for more before training again"
    )
    learn_from_auto_moves: Annotated[Literal["never"] | float, BeforeValidator(never_or_days), NEVER_OR_DAYS] = Field(
        default="never",
        title="never: only from what you filed or confirmed; or days: also from what you left alone that long",
        description="never, or a number of days above 0",
    )


class MoveConfig(Section):
    """Whether, when and how files are moved."""

    enabled: Switch = Field(default=True, title="false: suggest only (sorterd review), move nothing")
    dry_run: Switch = Field(default=False, title="true: log what would be moved, move nothing")
    threshold: float = Field(
        default=THRESHOLD,
        ge=0,
        le=1,
        title="move when at least this sure, between 0 and 1",
        description="between 0 and 1",
    )
    on_conflict: Literal["rename", "skip"] = Field(
        default="rename",
        title='the name is taken by another video: rename ("name (2).mp4"), or skip: leave it where it is',
        description="rename or skip",
    )
    never_into: Words = Field(
        default=(),
        title="names of folders that are suggested but never moved into: [private, drafts]",
        description="a list of names of your folders such as [private, drafts]",
    )
    sidecars: Switch = Field(
        default=True, title="files with a video's name (subtitles, thumbnails, .info.json, ...) move with it"
    )
    sidecars_follow_user: Switch = Field(
        default=True,
        title="also when you move the video yourself; false: `sorterd status` counts those that stay behind",
    )


class PicturesConfig(Section):
    """Whether pictures of the videos are kept for the report and the review page, and how large they may become."""

    keep: Switch = Field(
        default=True, title="keep a poster and five small frames of each video, for `report` and `review --web`"
    )
    max_mb: int = Field(
        default=500,
        ge=1,
        le=100_000,
        title="megabytes that all pictures may take, about 20 KB a video; the least needed go first",
        description="a whole number from 1 to 100000",
    )


class WorkConfig(Section):
    """When the backlog is worked on. New arrivals are always looked at at once."""

    window: Annotated[str, BeforeValidator(work_window_of), WINDOW] = Field(
        default=ALWAYS,
        title="hours in which videos that wait are looked at, such as 22:00-07:00; new ones are looked at at any time",
        description="always, or two times of day such as 22:00-07:00",
        examples=[ALWAYS, "22:00-07:00"],
    )
    on_battery: Switch = Field(
        default=True, title="false: they also wait while the computer runs on its battery; new ones do not"
    )


class LogConfig(Section):
    """How much is logged, and for whom."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", title="debug, info, warning, error", description="debug, info, warning or error"
    )
    format: Literal["auto", "console", "json"] = Field(
        default="auto",
        title="auto: for people on a terminal and in the systemd journal, else JSON lines; console; json",
        description="auto, console or json",
    )


class WebConfig(Section):
    """Who can reach the review page."""

    listen: str = Field(
        default="",
        title="the address of this computer at which other devices reach the review page; empty: none do",
        description='an address of this computer such as 192.168.1.20, 0.0.0.0 for all of them, or ""',
    )
    insecure: bool = Field(
        default=False,
        title="true: with listen, serve without encryption; others in the network can read along",
        description="true or false",
    )


class Config(Section):
    """All settings. Paths are absolute if it was made by `load_config`."""

    videos: FilePath = Field(
        title="the folder to keep sorted: each sub-folder is a category, what lies in it directly is unsorted",
        description="the path of the folder that holds your videos, such as ~/Videos/TikTok",
        examples=["~/Videos/TikTok"],
    )
    state_dir: FilePath = Field(
        default_factory=state_home,
        title="sorterd's own files (database, model); this is the default on Linux",
        description="the path of a folder of its own",
        examples=["~/.local/state/sorterd"],
    )
    notify: Literal["hourly", "never"] = Field(
        default="hourly",
        title="hourly: tell on the desktop, at most once an hour, how many were filed and how many need you; or never",
        description="hourly or never",
    )
    watch: WatchConfig = Field(default=WatchConfig(), description=SECTION)
    features: FeaturesConfig = Field(default=FeaturesConfig(), description=SECTION)
    train: TrainConfig = Field(default=TrainConfig(), description=SECTION)
    move: MoveConfig = Field(default=MoveConfig(), description=SECTION)
    web: WebConfig = Field(default=WebConfig(), description=SECTION)
    pictures: PicturesConfig = Field(default=PicturesConfig(), description=SECTION)
    work: WorkConfig = Field(default=WorkConfig(), description=SECTION)
    pool: PoolConfig = Field(default=PoolConfig(), description=SECTION)
    log: LogConfig = Field(default=LogConfig(), description=SECTION)

    _origin: ConfigDocument | None = PrivateAttr(None)

    @property
    def file(self) -> Path | None:
        """The file that this was read from, None if it was made in code."""
        return self._origin.path if self._origin else None

    def line(self, *location: str) -> int | None:
        """Return the line of a setting in that file, as in `line("move", "threshold")`, None if it is not there."""
        return self._origin.lines.get(location) if self._origin else None

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
