"""Draw pictures of videos whose features are known. Needs no models, so a process for this alone stays small."""

from __future__ import annotations

from sorterd.features.clip import Decoder, read_clip
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import PictureShape
from sorterd.features.stills import Stills
from sorterd.pictures.webp import SHOTS
from sorterd.worker.child.jobs import Send
from sorterd.worker.messages import Item, JobDone, Pictured, Pictures, PicturesFailed, Started

SQUARE = PictureShape(224)  # of a file that only the second decoder can read

NO_WEBP = "cannot be drawn: Pillow was built without WebP"


def draw(job: Pictures, second_decoder: Decoder | None, send: Send) -> None:
    """Report `Started`, then `Pictured` or `PicturesFailed`, for every item of `job`, and `JobDone` at the end."""
    for item in job.items:
        send(Started(job.job, item.fingerprint))
        try:
            stills = _stills(item, second_decoder)
        except UnreadableVideo as error:
            send(PicturesFailed(job.job, item.fingerprint, error.reason, error.transient))
        else:
            send(Pictured(job.job, item.fingerprint, stills.poster, stills.strip))
    send(JobDone(job.job))


def _stills(item: Item, second_decoder: Decoder | None) -> Stills:
    clip = read_clip(item.path, SHOTS, SQUARE, sound=False, stills=True, second_decoder=second_decoder)
    if clip.stills is None or not clip.stills.poster:
        raise UnreadableVideo(NO_WEBP)
    return clip.stills
