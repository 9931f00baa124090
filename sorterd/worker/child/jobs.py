"""Dispatch jobs, and keep what one job loads for the next. Heavy imports wait until they are needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from sorterd.artifact_names import FOLDER_NAMES, FOLDER_NAMES_AS_TEXT
from sorterd.features import words
from sorterd.features.device_failure import DeviceFailed
from sorterd.features.settings import Modality, Placement
from sorterd.worker.child.kept_model import KeptModel
from sorterd.worker.child.loading import JobRefused, Load, load_extractor, load_text_tower
from sorterd.worker.child.questions import WaitingQuestions
from sorterd.worker.embed_messages import Embed
from sorterd.worker.job_messages import Describe, Export, Extract, Job, Pictures, Predict, Read, Train
from sorterd.worker.messages import Send, Setup
from sorterd.worker.report_messages import Described, DeviceRefused, JobDone, JobFailed, Placed
from sorterd.worker.sandbox import limits, seccomp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sorterd.features.extractor import Extractor
    from sorterd.features.text_tower import TextTower
    from sorterd.worker.child.file_reading import FileReading
    from sorterd.worker.decoder.fork_server import ForkServer


class Jobs:
    """Does one job after the other. `send` takes the reports. `load` loads the models when they are first needed.

    `questions` are answered between the videos of a job.
    """

    def __init__(
        self,
        setup: Setup,
        send: Send,
        load: Load = load_extractor,
        fork_server: ForkServer | None = None,
        confine: Callable[[], object] = seccomp.give_up_calls,
        questions: WaitingQuestions | None = None,
    ) -> None:
        self._settings = setup.features
        self._item_seconds = setup.item_seconds
        self._pictures = setup.pictures
        self._load = load
        self._fork_server = fork_server
        self._reading: FileReading | None = None
        self._confine = confine
        self._questions = questions or WaitingQuestions()
        self._confined = False  # without models; with them, loading them does it
        self._folder = Path(os.fsdecode(setup.artifacts))
        self._send = send
        self._number = 0  # of the current job
        self._loaded: Extractor | None = None
        self._texts: dict[str, TextTower] = {}
        self._model = KeptModel(self._folder)

    def do(self, job: Job) -> None:
        """Do `job` and report its end, `JobFailed` included. Any exception is an error in the program."""
        self._number = job.job
        try:
            match job:
                case Describe():
                    space = self._extractor().space
                    self._send(Described(job.job, space.id, space.modalities, space.models, space.device))
                case Read():
                    self._read(job)
                case Extract():
                    self._extract(job)
                case Train():
                    self._train(job)
                case Export():
                    self._export(job)
                case Predict():
                    self._predict(job)
                case Pictures():
                    self._draw(job)
        except JobRefused as refused:
            self._send(JobFailed(job.job, str(refused)))
        except DeviceFailed as failed:
            self._send(DeviceRefused(job.job, failed.part, str(failed)))

    def answer(self, question: Embed) -> None:
        """Answer a question by the text towers that are loaded."""
        from sorterd.worker.child.job_embed import embed

        towers = {name: tower.texts for name, tower in self._texts.items()}
        if self._loaded is not None:
            towers[self._loaded.space.id] = self._loaded.embed_texts
            if words.installed():
                wanted = (one.tower for one in words.MODALITIES if one.tower in question.towers)
                towers |= {name: self._text_tower(name).texts for name in wanted}
        self._send(embed(question, towers))

    def _answer_all(self) -> None:
        for question in self._questions.take():
            self.answer(question)

    def _extract(self, job: Extract) -> None:
        from sorterd.worker.child.job_extract import extract

        self._read_files().start()
        extractor = self._extractor(job.space)
        with self._limited(len(job.items)):
            extract(job, extractor, self._send, self._answer_all)

    def _read(self, job: Read) -> None:
        towers = [self._text_tower(modality.tower) for modality in words.MODALITIES]
        from sorterd.worker.child.job_read import read

        self._confine_without_models()
        with self._limited(len(job.items)):
            read(job, towers, self._send, self._answer_all)

    def _text_tower(self, name: str) -> TextTower:
        """Return a text tower for captions, and load it at the first call. Raise JobRefused."""
        if name not in self._texts:
            self._texts[name] = load_text_tower(name)
        return self._texts[name]

    def _confine_without_models(self) -> None:
        """Give up calls, which loading the models does otherwise. From then on no model can be fetched."""
        if self._loaded is None and not self._confined:
            self._confine()
            self._confined = True

    def _draw(self, job: Pictures) -> None:
        from sorterd.worker.child.job_pictures import draw

        self._confine_without_models()
        with self._limited(len(job.items)):
            draw(job, self._read_files().alone(), self._send)

    @contextmanager
    def _limited(self, videos: int) -> Iterator[None]:
        # Several videos are decoded at a time, each with as many threads as there are processors.
        limits.limit_processor_time(videos * self._item_seconds * (os.cpu_count() or 1))
        try:
            yield
        finally:
            limits.limit_processor_time(inf)

    def _train(self, job: Train) -> None:
        from sorterd.classifier import TrainingDataError
        from sorterd.worker.child.job_train import train, trained_at
        from sorterd.worker.child.vectors import WrongWidth

        with self._refusing("could not train", TrainingDataError, WrongWidth):
            names = [self._names_for(modality, job) for modality in job.modalities]
            trained, classifier = train(job, names, self._folder)
        if classifier is not None:
            self._model.keep(classifier, trained_at(job))
        self._send(trained)

    def _export(self, job: Export) -> None:
        from sorterd.worker.child.job_train import export
        from sorterd.worker.child.vectors import WrongWidth

        with self._refusing("could not write the embeddings", WrongWidth):
            export(job, self._folder)
        self._send(JobDone(job.job))

    def _predict(self, job: Predict) -> None:
        classifier = self._model.read(job.trained_at)
        from sorterd.worker.child.job_predict import predict
        from sorterd.worker.child.vectors import WrongWidth

        with self._refusing("the model does not fit these videos", WrongWidth):
            predicted = predict(job, classifier)
        self._send(predicted)

    @contextmanager
    def _refusing(self, what: str, *errors: type[Exception]) -> Iterator[None]:
        """Refuse the job for one of these errors, or if a file cannot be written."""
        try:
            yield
        except errors as error:
            raise JobRefused(f"{what}: {error}") from error
        except OSError as error:
            raise JobRefused(f"could not write to {self._folder}: {error}") from error

    def _extractor(self, space: str = "") -> Extractor:
        """Return the models, and load them at the first call.

        Raise JobRefused if they cannot be loaded, or if they do not make features of `space`.
        """
        if self._loaded is None:
            self._loaded = self._load(self._settings, self._placed)
            self._read_files().apply_to(self._loaded)
            self._loaded.draws_stills = self._pictures
        if space and self._loaded.space.id != space:
            raise JobRefused(f"the models at hand make features of {self._loaded.space.id}, not of {space}")
        return self._loaded

    def _read_files(self) -> FileReading:
        """Return how files are read, without starting a process for it."""
        if self._reading is None:
            from sorterd.worker.child.file_reading import FileReading

            self._reading = FileReading.here(self._fork_server, self._item_seconds)
        return self._reading

    def _placed(self, placement: Placement) -> None:
        if placement.on_card:
            self._send(Placed(self._number, placement.towers, placement.speech))

    def _names_for(self, modality: Modality, job: Train) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors of folder names that can be compared with a modality.

        A text tower is loaded only if a name is new.
        """
        from sorterd.worker.child.name_vectors import name_vectors

        if tower := modality.tower:
            file = self._folder / FOLDER_NAMES_AS_TEXT
            return name_vectors(job.categories, tower, file, lambda names: self._text_tower(tower).texts(names))
        vectors = name_vectors(
            *(job.categories, job.space, self._folder / FOLDER_NAMES),
            lambda names: self._extractor(job.space).embed_texts(names),
        )
        return {name: vector for name, vector in vectors.items() if len(vector) == modality.width}
