"""Errors that come from a disk or a network folder, or from a file in the cloud. They say nothing about the file."""

from __future__ import annotations

import errno

from sorterd import cloud

_NUMBERS = (errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN, errno.EHOSTDOWN, errno.ENODEV)


def may_pass(number: int | None) -> bool:
    """Return whether an error with this number may be over at the next try."""
    return number in _NUMBERS or cloud.refused(number)
