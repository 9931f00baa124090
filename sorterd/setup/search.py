"""A separate program that looks for folders of videos. It only lists folders and opens no file.

A disk that does not answer holds a process for ever, so `likely_folders.py` starts this program and goes on without it
when the time is up. Arguments: the extensions of videos, joined by commas, then the folders to start from, the most
likely first. Each folder in which a video lies is one line on stdout, a literal of Python in ASCII, written at once:
`path`, `videos` (directly in it), `by_id` (how many are named as TikTok names them) and `notes` (by yt-dlp: how many
`.info.json` lie beside them). Only the standard library is imported, so that the program starts at once.
"""

from __future__ import annotations

import os
import re
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

DEEPEST = 5  # below a folder to start from: myfaveTT keeps videos in data/Likes/videos
MOST = 20_000  # folders; a home folder with more is not searched to the end
BY_ID = re.compile(r"(?:.*[^0-9])?[0-9]{18,20}(?:[^0-9].*)?\.[^.]+")  # 7234567890123456789.mp4, "title [7234…].mp4"
PASSED_BY = frozenset(("node_modules", "site-packages", "__pycache__", "lost+found", "@eadir", "$recycle.bin"))
PACKAGES = (".app", ".photoslibrary", ".imovielibrary", ".fcpbundle", ".tvlibrary", ".bundle")


def search(starts: Sequence[str], extensions: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield each folder with a video in it, at or below the starts, the nearest first. No link is followed."""
    endings = tuple(f".{one}" for one in extensions)
    seen: set[tuple[int, int]] = set()
    for start in starts:
        waiting = deque([(start, 0)])
        while waiting and len(seen) < MOST:
            folder, depth = waiting.popleft()
            try:
                found = os.stat(folder)
                if (found.st_dev, found.st_ino) in seen:
                    continue
                seen.add((found.st_dev, found.st_ino))
                files, folders = _listed(folder)
            except OSError:  # of somebody else, or gone meanwhile
                continue
            if depth < DEEPEST:
                waiting += ((os.path.join(folder, name), depth + 1) for name in sorted(folders))
            videos = [name for name in files if name.lower().endswith(endings)]
            if videos:
                yield {
                    "path": folder,
                    "videos": len(videos),
                    "by_id": sum(BY_ID.fullmatch(name) is not None for name in videos),
                    "notes": sum(name.endswith(".info.json") for name in files),
                }


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Return the names of the files and of the folders that are worth a look. Hidden ones are not."""
    files, folders = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name.lower() not in PASSED_BY and not entry.name.lower().endswith(PACKAGES):
                    folders.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                files.append(entry.name)
    return files, folders


if __name__ == "__main__":
    for answer in search(sys.argv[2:], sys.argv[1].split(",")):
        print(ascii(answer), flush=True)
