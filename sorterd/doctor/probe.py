"""Find out which models are here, where they would run, and whether a clip can be decoded. Run as a child process.

It reads the `FeatureSettings` and the path of a clip as JSON from stdin. The last line of stdout is a `Probe`.
Nothing is fetched or written. If a library crashes this process, that is a finding too.
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
    """What was found.

    `models` is "clip", "embedded" or "" (none here, `missing` is why), `where` their files. `hub`: the model hub
    answers, None if it was not asked. `gpu` is the name of the card that torch can use, "" for none. `card`: the
    machine has an NVIDIA card. `pictures` is how many were decoded from the clip, `sound` the state of its sound, and
    `undecodable` why it could not be decoded.
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
    """Return what is found in this process. Loads torch and all decoders, but no model."""
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
    """Answer one question from stdin on stdout."""
    question = json.load(sys.stdin)
    found = probe(FeatureSettings(**question["settings"]), Path(question["clip"]))
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
