"""A worker process whose models are a few lines, so that it starts at once. The daemon cannot tell the difference.

It is the real child (limits, pipes, messages) with other job code. It "extracts" the first word of a file ("film" from
a real MP4). Its "model", in the artifacts folder, is the folder in which each word was filed most often, and is always
sure. The second number of a file's first line is how long extracting it takes (rounds of a hash).
"""

import hashlib
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from sorterd.artifacts import write_json
from sorterd.features.settings import extracted_modalities
from sorterd.worker.child import main as child
from sorterd.worker.embed_messages import Embed, TextEmbedded
from sorterd.worker.job_messages import Describe, Export, Extract, Job, Pictures, Predict, Read, Train
from sorterd.worker.messages import Send, Setup
from sorterd.worker.report_messages import (
    CaptionRead,
    Described,
    Extracted,
    ExtractFailed,
    JobDone,
    JobFailed,
    PicturesFailed,
    Predicted,
    Started,
    Trained,
)
from support.words import SPACE, caption_beside, learned, predicted, summary, vectors_of

MODEL = "model_config.json"
VECTOR = 5120  # bytes, the size of a real vector of 1,280 numbers


class Words:
    """Does the jobs of the real worker, with words as features."""

    def __init__(self, setup: Setup, send: Send) -> None:
        self._folder = Path(os.fsdecode(setup.artifacts))
        self._send = send

    def do(self, job: Job) -> None:
        """Do `job` and send the report of its end."""
        match job:
            case Describe():
                self._send(Described(job.job, SPACE, extracted_modalities(1024, 256), "embedded", "cpu"))
            case Read():
                self._read(job)
            case Extract():
                self._extract(job)
            case Train():
                self._train(job)
            case Predict():
                self._predict(job)
            case Export():
                self._send(JobDone(job.job))
            case Pictures():
                self._draw(job)

    def answer(self, question: Embed) -> None:
        """Return the first word of a text as its vector, as of a video."""
        word = question.text.split()[0].encode().ljust(VECTOR // 5, b"\0")
        self._send(TextEmbedded(question.job, ((SPACE, word),) if SPACE in question.towers else ()))

    def _read(self, job: Read) -> None:
        for item in job.items:
            self._send(Started(job.job, item.fingerprint))
            text = caption_beside(item)
            if text == "abort":
                os.abort()
            if text == "wait" and not (waits := self._folder / "waits").exists():
                waits.write_text(str(os.getpid()))
                time.sleep(60)  # until it is killed
            self._send(CaptionRead(job.job, item.fingerprint, text, "", (), vectors_of(text), complete=True))
        self._send(JobDone(job.job))

    def _extract(self, job: Extract) -> None:
        for item in job.items:
            self._send(Started(job.job, item.fingerprint))
            try:
                word, effort = first_line(item.path)
            except FileNotFoundError:
                self._send(ExtractFailed(job.job, item.fingerprint, "it is not there", transient=True))
                continue
            hashlib.pbkdf2_hmac("sha256", word, b"", effort)
            self._send(Extracted(job.job, item.fingerprint, word.ljust(VECTOR, b"\0"), word.decode(), "en", "speech"))
        self._send(JobDone(job.job))

    def _draw(self, job: Pictures) -> None:
        for item in job.items:
            self._send(Started(job.job, item.fingerprint))
            self._send(PicturesFailed(job.job, item.fingerprint, "words have no pictures", transient=False))
        self._send(JobDone(job.job))

    def _train(self, job: Train) -> None:
        model = learned(job)
        shown = summary(job, model, datetime.fromtimestamp(job.now, UTC).isoformat())
        write_json(self._folder / MODEL, {**shown, "words": model})
        self._send(Trained(job.job, json.dumps(shown), True, "took the new model"))

    def _predict(self, job: Predict) -> None:
        try:
            model = json.loads((self._folder / MODEL).read_bytes())
        except FileNotFoundError:
            self._send(JobFailed(job.job, "there is no model yet"))
            return
        if model["trained_at"] != job.trained_at:
            self._send(JobFailed(job.job, f"the model is of {model['trained_at']}, not of {job.trained_at}"))
            return
        self._send(Predicted(job.job, tuple((row.fingerprint, predicted(row, model["words"])) for row in job.rows)))


def first_line(path: bytes) -> tuple[bytes, int]:
    """Return the first word of a file, and how long extracting it takes."""
    with Path(os.fsdecode(path)).open("rb") as file:
        line = file.readline(200)
    if line[4:8] == b"ftyp":
        return b"film", 1
    word, _number, effort = line.split()[:3]
    return word, int(effort)


def main() -> None:
    """Work until the daemon has no more jobs."""
    child.main(Words)
