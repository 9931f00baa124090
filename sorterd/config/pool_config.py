"""The `pool:` section: other machines that help to look at the videos."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo

from sorterd.config.section import Section
from sorterd.config.values import path_of
from sorterd.pool_address import split


def _listening(value: object) -> object:
    if isinstance(value, str) and value:
        split(value)
    return value


def _path_or_nothing(value: object, info: ValidationInfo) -> object:
    return str(path_of(value, info)) if isinstance(value, str) and value else value


class PoolConfig(Section):
    """Whether other machines may help, and how they get the videos."""

    listen: Annotated[str, BeforeValidator(_listening)] = Field(
        default="",
        title="the address of this computer at which invited machines connect, to help look at videos; empty: none do",
        description='an address of this computer such as 192.168.1.20, 0.0.0.0 for all of them, or ""',
    )
    invitations: Annotated[str, BeforeValidator(_path_or_nothing)] = Field(
        default="",
        title="the folder with the keys of `sorterd pool init`; empty: pool in the state folder",
        description='the path of a folder, or ""',
    )
    bytes: Literal["auto", "never"] = Field(
        default="auto",
        title="auto: send videos up to 64 MB to machines without that folder; never: only machines that have it",
        description="auto or never",
    )
