"""Draw pictures of videos whose features are known. Needs no models, so a process for this alone stays small."""

from __future__ import annotations

from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import PictureShape
from sorterd.features.preprocess import Preprocess, PreprocessOptions
from sorterd.features.stills import Stills
from sorterd.pictures.webp import SHOTS
from sorterd.worker.job_messages import Item, Pictures
from sorterd.worker.messages import Send
from sorterd.worker.report_messages import JobDone, Pictured, PicturesFailed, Started

OPTIONS = PreprocessOptions(SHOTS, PictureShape(224), mels=0, stills=True)
"""The squares are drawn only of a file that the first decoder cannot read."""

NO_WEBP = "cannot be drawn: Pillow was built without WebP"


def draw(job: Pictures, read: Preprocess, send: Send) -> None:
    """Report `Started`, then `Pictured` or `PicturesFailed`, for every item of `job`, and `JobDone` at the end."""
    for item in job.items:
        send(Started(job.job, item.fingerprint))
        try:
            stills = _stills(item, read)
        except UnreadableVideo as error:
            send(PicturesFailed(job.job, item.fingerprint, error.reason, error.transient))
        else:
            send(Pictured(job.job, item.fingerprint, stills.poster, stills.strip))
    send(JobDone(job.job))


def _stills(item: Item, read: Preprocess) -> Stills:
    stills = read(item.path, OPTIONS).stills
    if stills is None or not stills.poster:
        raise UnreadableVideo(NO_WEBP)
    return stills
