"""The names and contents that the library machine draws from."""

from hashlib import blake2b
from typing import TypeVar

from hypothesis import strategies as st

from sorterd.library.layout import LayoutRules

VIDEOS = ["a.mp4", "b.mp4", "a (2).mp4", "a.mov", "caf\udce9.mov"]
BY_STEM = ["{stem}.jpg", "{stem}.info.json", "{stem}.en.srt"]
SIDECARS = [*BY_STEM, "{video}.jpg"]
FOLDERS = ["cats", "dogs", "birds", "cr\udce8me"]
CONTENTS = [b"video %d" % number for number in range(20)]  # few enough for some to come twice

Item = TypeVar("Item")
any_video = st.sampled_from(VIDEOS)
any_folder = st.sampled_from(FOLDERS)
any_content = st.sampled_from(CONTENTS)
pick = st.integers(0, 99)
predictions = st.lists(pick, min_size=1, max_size=4)
is_video = LayoutRules().is_video


def named(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def under(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def stem(name: str) -> str:
    return name.rpartition(".")[0]


def in_folder(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")


def relocated(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if in_folder(path, old) else path
