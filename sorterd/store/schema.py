"""The tables, as numbered migrations. A database remembers in `user_version` how many of them it has had."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

MIGRATIONS: tuple[str, ...] = (
    """
    -- One row per path on disk. Paths and category names are bytes: a file name need not be valid UTF-8.
    CREATE TABLE files (
        path        BLOB PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        category    BLOB,                         -- NULL in the inbox
        source      TEXT CHECK (source IN ('user', 'auto', 'confirmed')),
        device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        labelled_at REAL NOT NULL,                -- since when it has its label, or waits in the inbox
        fresh       INTEGER NOT NULL DEFAULT 0,   -- dropped into the inbox while we watched: somebody waits for it
        CHECK ((category IS NULL) = (source IS NULL))
    ) WITHOUT ROWID;
    CREATE INDEX files_by_content ON files (fingerprint, source);
    CREATE INDEX files_by_category ON files (category);

    CREATE TABLE categories (name BLOB PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;

    -- "Not this one": the user took this content out of this category.
    CREATE TABLE refusals (
        fingerprint TEXT NOT NULL, category BLOB NOT NULL, at REAL NOT NULL, PRIMARY KEY (fingerprint, category)
    ) WITHOUT ROWID;

    -- Content whose move was undone by command: it is not moved again by itself.
    CREATE TABLE holds (fingerprint TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;

    CREATE TABLE features (
        fingerprint TEXT NOT NULL, space TEXT NOT NULL, vector BLOB NOT NULL,
        transcript TEXT NOT NULL, language TEXT NOT NULL,
        audio TEXT NOT NULL CHECK (audio IN ('speech', 'silent', 'none', 'unreadable')),
        at REAL NOT NULL, PRIMARY KEY (fingerprint, space)
    );

    -- Content that could not be extracted. `failed` = given up until the content changes or the user asks.
    CREATE TABLE failures (
        fingerprint TEXT PRIMARY KEY, reason TEXT NOT NULL, attempts INTEGER NOT NULL, retry_at REAL NOT NULL,
        failed INTEGER NOT NULL
    ) WITHOUT ROWID;

    -- Files whose content could not even be read, as they lay on disk then.
    CREATE TABLE unreadable (
        path BLOB PRIMARY KEY,
        device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        reason TEXT NOT NULL, attempts INTEGER NOT NULL, retry_at REAL NOT NULL
    ) WITHOUT ROWID;

    -- The journal: every move that we make, written before it happens.
    CREATE TABLE moves (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('sort', 'undo')),
        undoes INTEGER REFERENCES moves (id),
        fingerprint TEXT NOT NULL,
        source BLOB NOT NULL, destination BLOB NOT NULL, sidecars TEXT NOT NULL,
        device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        step TEXT NOT NULL CHECK (step IN ('planned', 'copied', 'done', 'failed')),
        confidence REAL, reason TEXT NOT NULL, at REAL NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0, corrected INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX moves_unfinished ON moves (step) WHERE step IN ('planned', 'copied');
    CREATE INDEX moves_by_content ON moves (fingerprint);

    -- What the model in use says of each video, and what was decided. `judge` names model and settings.
    CREATE TABLE predictions (
        fingerprint TEXT PRIMARY KEY, judge TEXT NOT NULL, folder BLOB NOT NULL, confidence REAL NOT NULL,
        top TEXT NOT NULL, move INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    -- What the columns add up to (CRC-32), so that a flipped bit is seen; NULL in rows from before.
    ALTER TABLE features ADD COLUMN sum INTEGER;

    -- Labels of ours whose file is gone: a folder that comes back out of the trash does not come from the user.
    CREATE TABLE departed (
        fingerprint TEXT NOT NULL, category BLOB NOT NULL, source TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (fingerprint, category)
    ) WITHOUT ROWID;
    """,
    """
    -- Content with features that is nowhere on disk, and since when: its features are dropped after a while.
    CREATE TABLE absent (fingerprint TEXT PRIMARY KEY, since REAL NOT NULL) WITHOUT ROWID;
    """,
    """
    -- Else each entry that is dropped from the journal would search all of it for one that undoes it.
    CREATE INDEX moves_by_undone ON moves (undoes) WHERE undoes IS NOT NULL;
    """,
    """
    -- Paths at which there has been no file for a while, with what lay there: another form of it may come.
    CREATE TABLE vacated (
        path BLOB PRIMARY KEY, fingerprint TEXT NOT NULL, source TEXT, at REAL NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    -- Videos that the user took from one folder to another: what belongs to them follows.
    CREATE TABLE relocations (
        source BLOB PRIMARY KEY, destination BLOB NOT NULL, fingerprint TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;

    -- Decided moves that could not be made, and what the files and folders were like then.
    CREATE TABLE unmoved (
        path BLOB PRIMARY KEY, fingerprint TEXT NOT NULL, folder BLOB NOT NULL, reason TEXT NOT NULL,
        lasting INTEGER NOT NULL, circumstances TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;

    -- A third kind of move: a sidecar that follows its video later. SQLite changes no CHECK of a table that is there.
    CREATE TABLE moves_with_followers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('sort', 'undo', 'follow')),
        undoes INTEGER REFERENCES moves_with_followers (id),
        fingerprint TEXT NOT NULL,                -- of the video, also where a sidecar is moved
        source BLOB NOT NULL, destination BLOB NOT NULL, sidecars TEXT NOT NULL,
        device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        step TEXT NOT NULL CHECK (step IN ('planned', 'copied', 'done', 'failed')),
        confidence REAL, reason TEXT NOT NULL, at REAL NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0, corrected INTEGER NOT NULL DEFAULT 0
    );
    INSERT INTO moves_with_followers SELECT * FROM moves;
    DROP TABLE moves;
    ALTER TABLE moves_with_followers RENAME TO moves;
    CREATE INDEX moves_unfinished ON moves (step) WHERE step IN ('planned', 'copied');
    CREATE INDEX moves_by_content ON moves (fingerprint);
    CREATE INDEX moves_by_undone ON moves (undoes) WHERE undoes IS NOT NULL;
    """,
    """
    -- The words that the program uses for them.
    ALTER TABLE refusals RENAME TO rejections;
    ALTER TABLE predictions RENAME COLUMN judge TO predictor;
    """,
)


def schema(connection: sqlite3.Connection) -> set[str]:
    """What makes up a database: each table and index as it was made, without comments and spaces."""
    made = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema") if sql]
    return {re.sub(r"--[^\n]*|\s", "", sql) for sql in made}


def intended_schema() -> set[str]:
    """What a database is made up of that has had all migrations."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in MIGRATIONS:
            connection.executescript(script)
        return schema(connection)
