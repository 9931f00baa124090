"""The tables, as numbered migrations. `user_version` of a database is the number of migrations that it has had."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache

MIGRATIONS: tuple[str, ...] = (
    """
    -- One row per path on disk. Paths and category names are bytes: a file name need not be valid UTF-8.
    CREATE TABLE files (
        path        BLOB PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        category    BLOB,                         -- NULL in the inbox
        source      TEXT CHECK (source IN ('user', 'auto', 'confirmed')),
        device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        labelled_at REAL NOT NULL,                -- when it got its label, or came into the inbox
        fresh       INTEGER NOT NULL DEFAULT 0,   -- dropped into the inbox while we watched: extracted first
        CHECK ((category IS NULL) = (source IS NULL))
    ) WITHOUT ROWID;
    CREATE INDEX files_by_content ON files (fingerprint, source);
    CREATE INDEX files_by_category ON files (category);

    CREATE TABLE categories (name BLOB PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;

    -- "Not this one": the user took this content out of this category.
    CREATE TABLE refusals (
        fingerprint TEXT NOT NULL, category BLOB NOT NULL, at REAL NOT NULL, PRIMARY KEY (fingerprint, category)
    ) WITHOUT ROWID;

    -- Content whose move was undone by command: it is not moved automatically again.
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

    -- The journal: each of our moves, written before it happens.
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

    -- The prediction for each video, and the decision. `judge` identifies model and settings.
    CREATE TABLE predictions (
        fingerprint TEXT PRIMARY KEY, judge TEXT NOT NULL, folder BLOB NOT NULL, confidence REAL NOT NULL,
        top TEXT NOT NULL, move INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    -- A checksum (CRC-32) of the columns, so that a flipped bit is noticed; NULL in older rows.
    ALTER TABLE features ADD COLUMN sum INTEGER;

    -- Our labels of files that are gone: a folder that comes back out of the trash was not filed by the user.
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
    -- Without it, each entry dropped from the journal would scan the whole table for one that undoes it.
    CREATE INDEX moves_by_undone ON moves (undoes) WHERE undoes IS NOT NULL;
    """,
    """
    -- Paths that lost their file a while ago, with what lay there: another form of it may come.
    CREATE TABLE vacated (
        path BLOB PRIMARY KEY, fingerprint TEXT NOT NULL, source TEXT, at REAL NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    -- Videos that the user took from one folder to another: their sidecars follow.
    CREATE TABLE relocations (
        source BLOB PRIMARY KEY, destination BLOB NOT NULL, fingerprint TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;

    -- Moves that were decided and failed, and the state of the files and folders at that time.
    CREATE TABLE unmoved (
        path BLOB PRIMARY KEY, fingerprint TEXT NOT NULL, folder BLOB NOT NULL, reason TEXT NOT NULL,
        lasting INTEGER NOT NULL, circumstances TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;

    -- A third kind of move: a sidecar that follows its video later. SQLite cannot change a CHECK of an existing table.
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
    -- Renamed as in the program.
    ALTER TABLE refusals RENAME TO rejections;
    ALTER TABLE predictions RENAME COLUMN judge TO predictor;
    """,
    """
    -- A fourth kind of move: of a video that the user filed by command.
    CREATE TABLE moves_with_filed (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('sort', 'undo', 'follow', 'file')),
        undoes INTEGER REFERENCES moves_with_filed (id),
        fingerprint TEXT NOT NULL,                -- of the video, also where a sidecar is moved
        source BLOB NOT NULL, destination BLOB NOT NULL, sidecars TEXT NOT NULL,
        device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        step TEXT NOT NULL CHECK (step IN ('planned', 'copied', 'done', 'failed')),
        confidence REAL, reason TEXT NOT NULL, at REAL NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0, corrected INTEGER NOT NULL DEFAULT 0,
        former TEXT                               -- if the user filed the video: what was known of it before
    );
    INSERT INTO moves_with_filed SELECT *, NULL FROM moves;
    DROP TABLE moves;
    ALTER TABLE moves_with_filed RENAME TO moves;
    CREATE INDEX moves_unfinished ON moves (step) WHERE step IN ('planned', 'copied');
    CREATE INDEX moves_by_content ON moves (fingerprint);
    CREATE INDEX moves_by_undone ON moves (undoes) WHERE undoes IS NOT NULL;
    """,
    """
    -- 1: the content was not known before it came into this folder.
    ALTER TABLE files ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;
    """,
    """
    -- The poster and the strip of each video, which lie in a folder. `bytes` is 0 if none could be drawn; then
    -- `retry_at` is when to try again, NULL for not at all.
    CREATE TABLE pictures (
        fingerprint TEXT PRIMARY KEY, bytes INTEGER NOT NULL, at REAL NOT NULL, attempts INTEGER NOT NULL,
        retry_at REAL
    ) WITHOUT ROWID;
    """,
    """
    -- Where the caption of the video at a path may stand: its name and its text sidecars, as the last scan saw them.
    CREATE TABLE caption_sources (path BLOB PRIMARY KEY, seen TEXT NOT NULL) WITHOUT ROWID;

    -- What a video says about itself, and the source that this was read from. No text, no digest.
    CREATE TABLE captions (
        fingerprint TEXT PRIMARY KEY, seen TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL, digest TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX captions_by_text ON captions (digest);

    -- The vectors of such texts, float32, little-endian.
    CREATE TABLE texts (
        digest TEXT NOT NULL, tower TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (digest, tower)
    );
    """,
    """
    -- The transcripts beside each other, for a search: in the table, each lies behind a vector of several pages.
    CREATE INDEX features_by_words ON features (space, fingerprint, transcript);
    """,
    """
    ALTER TABLE features ADD COLUMN seconds REAL;  -- the length of the video, NULL if not known
    """,
)


def schema(connection: sqlite3.Connection) -> set[str]:
    """Return the definition of each table and index of a database, without comments and spaces."""
    made = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema") if sql]
    return {re.sub(r"--[^\n]*|\s", "", sql) for sql in made}


@cache
def intended_schema() -> frozenset[str]:
    """Return the schema of a database that has had all migrations."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in MIGRATIONS:
            connection.executescript(script)
        return frozenset(schema(connection))
