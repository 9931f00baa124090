"""The type of the function with which a job reports to the daemon."""

from collections.abc import Callable

from sorterd.worker.messages import Report

Send = Callable[[Report], None]
"""Sends one report. May be called from any thread."""
