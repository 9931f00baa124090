"""What `status` ends with: what there is to do."""

from typing import Any

import pytest

from sorterd.report.next_steps import next_steps

CALM: dict[str, Any] = {
    "running": True, "inbox": 0, "inbox_parts": {}, "queue": {"pending": 0, "failed": 0},
    "categories": {"cats": {"user": 9, "auto": 0, "confirmed": 0}},
}  # fmt: skip


def test_where_nothing_waits_there_is_nothing_to_do() -> None:
    assert next_steps(CALM) == []


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({"inbox": 20, "inbox_parts": {"undecided": 17, "waiting": 3}}, ["17 videos wait for you: 'sorterd review'"]),
        ({"inbox": 1, "inbox_parts": {"undecided": 1}}, ["1 video waits for you: 'sorterd review'"]),
        (
            {"inbox": 90, "inbox_parts": {"undecided": 40, "waiting": 50}},
            [
                "40 videos wait for you: 'sorterd review'",
                "some of the 40 may belong together: 'sorterd suggest' shows groups of alike videos",
            ],
        ),
        ({"suggested": 1}, ["1 group of alike videos may become a folder: 'sorterd suggest'"]),
        (
            {"inbox": 90, "inbox_parts": {"undecided": 90}, "suggested": 2},
            ["90 videos wait for you", "2 groups of alike videos may become folders: 'sorterd suggest'"],
        ),
        ({"inbox": 3, "inbox_parts": {"waiting": 3}}, []),
        ({"inbox": 3, "categories": {}}, ["file a few videos"]),
        ({"inbox": 3, "categories": {"cats": {"user": 0, "auto": 0, "confirmed": 0}}}, ["file a few videos"]),
        ({"categories": {"cats": {"user": 1, "auto": 2, "confirmed": 3}}}, ["2 moves can be looked at: 'sorterd log'"]),
        ({"queue": {"pending": 0, "failed": 2}}, ["2 videos could not be read: 'sorterd doctor'"]),
        ({"running": False, "queue": {"pending": 4, "failed": 0}}, ["start it"]),
        ({"disk": "is not there", "inbox_parts": {"undecided": 4}}, ["what is blocked goes on by itself"]),
    ],
)
def test_what_waits_for_the_user_is_named(changes: dict[str, Any], steps: list[str]) -> None:
    told = next_steps({**CALM, **changes})
    assert len(told) == len(steps)
    assert all(one.startswith(start) for one, start in zip(told, steps, strict=True))
