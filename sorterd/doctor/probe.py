"""Run as a process of its own: which models are here, where they would run, and whether a clip can be decoded.

Reads the `FeatureSettings` and the path of a clip as JSON from stdin and writes a `Probe` as the last line of stdout.
Nothing is fetched and nothing is written. A crash of a library is a finding, too.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from sorterd.features.settings import FeatureSettings


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found. `models` is "clip", "embedded" or "" (none here, `missing` says why), `where` their files.

    `hub` is whether the model hub answers, None if it was not asked. `gpu` names the card that torch can use, "" for
    none; `card` is whether the machine has an NVIDIA card at all. `pictures` and `sound` are what the clip gave,
    `undecodable` why it gave nothing.
    """

    models: str
    where: str
    missing: str
    hub: bool | None
    gpu: str
    card: bool
    torch: str
    pictures: int
    sound: str
    undecodable: str


def probe(settings: FeatureSettings, clip: Path) -> Probe:
    """Look, in this process: loads torch and all decoders, but no model."""
    import torch

    from sorterd.features.clip import read_clip
    from sorterd.features.container import UnreadableVideo
    from sorterd.features.models import ModelsUnavailable, hub
    from sorterd.features.models.resolve import find
    from sorterd.features.picture import PictureShape

    models = where = missing = undecodable = ""
    try:
        found = find(settings, fetch=False)
        models, where = found.models, str(found.weights or "from the package index")
    except ModelsUnavailable as error:
        missing = str(error)
    could_be_fetched = missing or (settings.models == "auto" and models == "embedded")
    pictures, sound = 0, ""
    try:
        read = read_clip(os.fsencode(clip), settings.frames, PictureShape(224), sound=True)
        pictures, sound = len(read.pictures), read.sound.state if read.sound else ""
    except UnreadableVideo as error:
        undecodable = error.reason
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    return Probe(
        models=models,
        where=where,
        missing=missing,
        hub=hub.reachable() if could_be_fetched else None,
        gpu=gpu,
        card=Path("/proc/driver/nvidia/version").exists() or Path("/dev/nvidia0").exists(),
        torch=torch.__version__,
        pictures=pictures,
        sound=sound,
        undecodable=undecodable,
    )


def main() -> None:
    """One question from stdin, one answer to stdout."""
    question = json.load(sys.stdin)
    found = probe(FeatureSettings(**question["settings"]), Path(question["clip"]))
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
