"""Extract features of videos, and report each as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable

from sorterd.features.extractor import ExtractionFailure, Extractor
from sorterd.features.stills import Stills
from sorterd.worker.child import vectors
from sorterd.worker.job_messages import Extract
from sorterd.worker.messages import Send
from sorterd.worker.report_messages import Extracted, ExtractFailed, JobDone, Started


def extract(job: Extract, extractor: Extractor, send: Send, between: Callable[[], object]) -> None:
    """Report `Started`, then `Extracted` or `ExtractFailed`, for every item of `job`, and `JobDone` at the end.

    `between` is called after each video.
    """
    videos = [(item.fingerprint, item.path) for item in job.items]
    for result in extractor.extract(videos, lambda key: send(Started(job.job, key))):
        if isinstance(result, ExtractionFailure):
            send(ExtractFailed(job.job, result.key, result.reason, result.transient))
        else:
            vector = vectors.to_bytes(result.vector)
            words = result.transcript, result.language, result.audio
            stills = result.stills or Stills()
            send(Extracted(job.job, result.key, vector, *words, stills.poster, stills.strip, result.seconds))
        between()
    send(JobDone(job.job))
