"""Sidecars and databases that were made to harm: each is as if it were not there, soon and in little memory."""

import base64
import gzip
import os
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from support.other_process import printed

READ = """
import os, re, time
from sorterd.captions.caption import Caption
from sorterd.captions.export import MyfaveTTExport
from sorterd.captions.hashtags import Vocabulary
from sorterd.captions.read import read_caption
from sorterd.captions.source import CaptionSource, FileSeen
for folder in sys.argv[1:]:
    began = time.process_time()
    found = os.listdir(folder)
    databases = [FileSeen(os.path.join(folder, name), 0, 0) for name in found if name.startswith("db_")]
    source = CaptionSource("7301234567890123456.mp4", tuple(FileSeen(name, 0, 0) for name in found))
    export = MyfaveTTExport.read(databases)
    caption = read_caption(os.fsencode(folder), source, export, lambda path: {}, Vocabulary())
    assert caption == Caption(), (folder, caption)
    assert time.process_time() - began < 2, folder
status = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else "VmHWM: 0"
print(int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) // 1024)
"""

M = 1 << 20


def database(content: bytes) -> bytes:
    return b'window.x="' + base64.b64encode(content) + b'"'


def bomb() -> bytes:
    """400 MiB of blanks: one packed MiB again and again, which is made in no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first, again = (packer.compress(b" " * M) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + 399 * again


@cache
def full_of_ids() -> bytes:
    """A database of 8 MiB with as many ids as fit."""
    return database(gzip.compress(b"{" + b",".join(b'"%d":"a"' % id for id in range(600_000)) + b"}", 1))


NAMES = ("texts", "videos", "authors")
HOSTILE: dict[str, Callable[[Path], object]] = {
    "a large sidecar": lambda at: (at / "a.info.json").write_bytes(b'{"description": "' + b"word " * M + b'"}'),
    "one of 4 MiB full of empty objects": lambda at: (at / "a.json").write_bytes(
        b"[" + b"{}," * (M + 300_000) + b"{}]"
    ),
    "deep nesting": lambda at: (at / "a.info.json").write_bytes(b"[" * 290_000),
    "deep nesting of objects": lambda at: (at / "a.info.json").write_bytes(b'{"a":' * 290_000),
    "a giant number": lambda at: (at / "a.info.json").write_bytes(b'{"x": ' + b"9" * (4 * M - 100) + b"}"),
    "a giant exponent": lambda at: (at / "a.info.json").write_bytes(b'{"x": 1e999999999}'),
    "a lone surrogate": lambda at: (at / "a.info.json").write_bytes(b'{"description": "\\ud800\\udfff"}'),
    "no JSON": lambda at: (at / "a.info.json").write_bytes(b"\xff\xfe\x00"),
    "a binary text": lambda at: (at / "a.txt").write_bytes(b"two words\0" * 1000),
    "a gzip bomb": lambda at: (at / "db_texts.js").write_bytes(database(bomb())),
    "a database of 8 MiB full of empty lists": lambda at: (at / "db_texts.js").write_bytes(
        database(gzip.compress(b"[" + b"[]," * (2 * M + 600_000) + b"[]]", 1))
    ),
    "two databases full of ids": lambda at: [(at / f"db_{name}.js").write_bytes(full_of_ids()) for name in NAMES[:2]],
    "three databases full of objects": lambda at: [
        (at / f"db_{name}.js").write_bytes(database(gzip.compress(b'{"1":[' + b'{"":0},' * M + b"0]}", 1)))
        for name in NAMES
    ],
    "a database of brackets, not packed": lambda at: (at / "db_texts.js").write_bytes(b"x=" + b"[" * (8 * M - 2)),
    "a database that is no gzip": lambda at: (at / "db_texts.js").write_bytes(database(b"no gzip")),
    "a database that was cut off": lambda at: (at / "db_texts.js").write_bytes(
        database(gzip.compress(b'{"7301234567890123456": "two words"}')[:-9])
    ),
    "a database that is larger": lambda at: (at / "db_texts.js").write_bytes(b"=" * (8 * M + 1)),
    "a named pipe": lambda at: os.mkfifo(at / "a.description"),
    "a folder": lambda at: (at / "a.description").mkdir(),
    "a link": lambda at: (at / "a.description").symlink_to("/etc/hostname"),
    "a device": lambda at: (at / "a.description").symlink_to("/dev/zero"),
    "a link to itself": lambda at: (at / "a.description").symlink_to(at / "a.description"),
    "a file that grows for ever": lambda at: (at / "a.txt").symlink_to("/dev/urandom"),
}


def test_they_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in HOSTILE]
    for folder in folders:
        folder.mkdir()
        HOSTILE[folder.name](folder)
    assert int(printed(READ, *folders)) < 250  # MB at most
