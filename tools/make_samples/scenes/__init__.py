"""The drawings, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.make_samples.scenes.beach import beach
from tools.make_samples.scenes.canvas import Random, Scene
from tools.make_samples.scenes.cat import cat
from tools.make_samples.scenes.city import city
from tools.make_samples.scenes.football import football
from tools.make_samples.scenes.microphone import microphone
from tools.make_samples.scenes.talk import talk
from tools.make_samples.scenes.train import train

SCENES: Mapping[str, Callable[[Random, int], Scene]] = {
    "beach": beach,
    "cat": cat,
    "city": city,
    "football": football,
    "microphone": microphone,
    "talk": talk,
    "train": train,
}
