"""The suggested folders: groups of alike videos in the inbox.

They are compared by a process of its own, which may take half a minute and some hundred megabytes, and then ends.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

from sorterd.artifact_names import artifacts_folder
from sorterd.config import Config
from sorterd.config.command import command
from sorterd.suggest.shown import recall
from sorterd.text import printable
from sorterd.web.actions import Refused

MOST_SECONDS = 300.0
GROUPS, POSTERS = 30, 12  # that are shown


def suggested(config: Config) -> dict[str, Any]:
    """Return the groups, as the page's script gets them. Raise Refused."""
    suggest = command(config, "suggest", "--json", "--limit", str(GROUPS))
    try:
        done = subprocess.run(suggest, capture_output=True, text=True, timeout=MOST_SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise Refused("comparing the videos took too long; 'sorterd suggest' may take longer") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Refused(said[-1].removeprefix("sorterd: ") if said else "the videos could not be compared")
    return {"groups": [_group(one) for one in json.loads(done.stdout)]}


def videos_of(config: Config, group: str) -> list[str]:
    """Return the videos of a group that was shown. Raise Refused."""
    videos = recall(artifacts_folder(config.state_dir), group)
    if videos is None:
        raise Refused("this group is not known any more: open the suggested folders again")
    return list(videos)


def _group(one: dict[str, Any]) -> dict[str, Any]:
    videos = [{"id": video["id"], "name": printable(video["path"])} for video in one["videos"][:POSTERS]]
    return {
        "group": one["group"],
        "count": len(one["videos"]),
        "words": [printable(word) for word in one["words"]],
        "folder": one["folder"],
        "videos": videos,
    }
