"""The settings that decide which features a video gets. Light: the daemon imports it too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

ModelChoice = Literal["auto", "clip", "embedded"]
AUTO = "auto"
OPENAI = ("ViT-B-32-quickgelu", "openai")
"""The CLIP model of versions that knew no other default, and so of libraries that were extracted with them."""

DEFAULT = ("ViT-B-32", "datacomp_xl_s13b_b90k")
"""open_clip's name and tag of the CLIP model for a new library. Chosen from the published tables of open_clip
(docs/openclip_results.csv), not measured by us: as large and as fast as OpenAI's, which is right for 63.3 % of ImageNet
and 52.5 % on the mean of 38 sets, it is for 69.2 % and 58.0 %."""

TAGS = dict([DEFAULT, OPENAI, ("xlm-roberta-base-ViT-B-32", "laion5b_s13b_b90k")])
"""The tag that is meant where only the model is named."""

Part = Literal["towers", "speech"]
"""Parts that can each have a device of their own: the two towers, for pictures and words, and Whisper."""


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """The `features:` part of the config as plain values.

    `clip_model` and `weights` are "auto" if they were not chosen. `weights` is an open_clip tag or a path to a
    checkpoint. `whisper` is a size such as "base", a path to a CTranslate2
    folder, or "off". `device` is "auto", "cpu" or "cuda". `batch_size` is None if the free memory decides. `on_cpu` are
    the parts that run on the CPU whatever `device` says, because the graphics card refused them. `captions`: a vector
    also has what is written about the video.
    """

    models: ModelChoice = "auto"
    clip_model: str = AUTO
    weights: str = AUTO
    whisper: str = "base"
    frames: int = 5
    device: str = "auto"
    batch_size: int | None = None
    on_cpu: tuple[str, ...] = ()
    captions: bool = False

    @property
    def chooses_clip(self) -> bool:
        """Whether the CLIP model or its weights were chosen."""
        return self.clip_model != AUTO or self.weights != AUTO

    def with_clip(self, default: tuple[str, str] = DEFAULT) -> FeatureSettings:
        """Return the settings with the CLIP model and its weights named: `default` if neither was chosen.

        Weights alone, such as the path of a checkpoint, are for OpenAI's model.
        """
        if not self.chooses_clip:
            return replace(self, clip_model=default[0], weights=default[1])
        model = OPENAI[0] if self.clip_model == AUTO else self.clip_model
        return replace(
            self, clip_model=model, weights=TAGS.get(model, OPENAI[1]) if self.weights == AUTO else self.weights
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """The device of each part, "cpu" or "cuda". `speech` is "" if speech is off."""

    towers: str
    speech: str

    @property
    def device(self) -> str:
        """ "cuda" if any part runs there."""
        return "cuda" if "cuda" in (self.towers, self.speech) else "cpu"

    def __str__(self) -> str:
        """For people."""
        where = {"cpu": "the processor", "cuda": "the graphics card"}
        if self.speech in ("", self.towers):
            return f"all models on {where[self.towers]}"
        return f"pictures and words on {where[self.towers]}, speech on {where[self.speech]}"

    def without(self, parts: Collection[Part]) -> Placement:
        """Return the same with these parts on the CPU."""
        return Placement("cpu" if "towers" in parts else self.towers, "cpu" if "speech" in parts else self.speech)

    @property
    def on_card(self) -> tuple[Part, ...]:
        """The parts that run on the graphics card."""
        parts: tuple[tuple[Part, str], ...] = (("towers", self.towers), ("speech", self.speech))
        return tuple(part for part, device in parts if device == "cuda")


@dataclass(frozen=True, slots=True)
class Modality:
    """One part of a video's vector: its name, and how many numbers it has.

    `tower` names the text tower of a modality that is made of words beside the video. It is "" for what is extracted
    from the video itself.
    """

    name: str
    width: int
    tower: str = ""


def extracted_modalities(pictures: int, speech: int) -> tuple[Modality, ...]:
    """Return the two modalities that each library has, given their widths. For more see fusion.py."""
    return (Modality("pictures", pictures), Modality("speech", speech))


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """What a video's vector is made of: all modalities side by side, those that are extracted from the video first.

    `id` stands for everything that changes the extracted part (models, weights, frames, fusion). Vectors of two spaces
    are never compared. `models` is "clip" or "embedded". `device` says where the models run and is not part of the id.
    """

    id: str
    modalities: tuple[Modality, ...]
    models: str
    device: str

    @property
    def widths(self) -> tuple[int, ...]:
        """How many numbers each modality has."""
        return tuple(modality.width for modality in self.modalities)

    @property
    def width(self) -> int:
        """How many numbers the whole vector has."""
        return sum(self.widths)

    @property
    def extracted_width(self) -> int:
        """How many numbers are extracted from the video itself: the first ones of the vector."""
        return sum(modality.width for modality in self.extracted)

    @property
    def towers(self) -> tuple[str, ...]:
        """The text towers of the modalities that are made of words."""
        return tuple(modality.tower for modality in self.worded)

    @property
    def extracted(self) -> tuple[Modality, ...]:
        """The modalities that are extracted from the video itself."""
        return tuple(modality for modality in self.modalities if not modality.tower)

    @property
    def worded(self) -> tuple[Modality, ...]:
        """The modalities that are made of words beside the video."""
        return tuple(modality for modality in self.modalities if modality.tower)

    @property
    def model_id(self) -> str:
        """The id of all that a model depends on: the space, and the towers of the words."""
        return "+".join((self.id, *self.towers))
