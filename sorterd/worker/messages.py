"""All messages between daemon and worker, as values: jobs go down, reports come up.

A vector is float32 bytes, little-endian, C order. Paths are absolute, as bytes, because file names need not be valid
UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sorterd.features.settings import FeatureSettings
from sorterd.worker.embed_messages import Embed, TextEmbedded
from sorterd.worker.job_messages import Job
from sorterd.worker.report_messages import Report


@dataclass(frozen=True, slots=True)
class Setup:
    """The first message to a new worker.

    It says how features are made, where the artifacts folder is (absolute), how many seconds one video may take,
    whether reading a video may fetch it from a cloud, and whether a poster and a strip are drawn of it.
    """

    features: FeatureSettings
    artifacts: bytes
    item_seconds: float = 3600.0
    download_from_cloud: bool = False
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """The first message from a new worker: it runs and has read its `Setup`. No model is loaded yet."""


Send = Callable[[Report | TextEmbedded], None]
"""Sends one report to the daemon. May be called from any thread."""

WorkerMessage = Setup | Ready | Job | Report | Embed | TextEmbedded
