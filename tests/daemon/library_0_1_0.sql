-- A library as version 0.1.0 (schema 4) left it: two folders, one move of ours, two videos that wait.
-- Made by that version from the files that tests/daemon/test_older_library.py lays out.
BEGIN TRANSACTION;
CREATE TABLE absent (fingerprint TEXT PRIMARY KEY, since REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE categories (name BLOB PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "categories" VALUES(X'63617473',65024,2286981);
INSERT INTO "categories" VALUES(X'646F6773',65024,2287346);
CREATE TABLE departed (
        fingerprint TEXT NOT NULL, category BLOB NOT NULL, source TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (fingerprint, category)
    ) WITHOUT ROWID;
CREATE TABLE failures (
        fingerprint TEXT PRIMARY KEY, reason TEXT NOT NULL, attempts INTEGER NOT NULL, retry_at REAL NOT NULL,
        failed INTEGER NOT NULL
    ) WITHOUT ROWID;
CREATE TABLE features (
        fingerprint TEXT NOT NULL, space TEXT NOT NULL, vector BLOB NOT NULL,
        transcript TEXT NOT NULL, language TEXT NOT NULL,
        audio TEXT NOT NULL CHECK (audio IN ('speech', 'silent', 'none', 'unreadable')),
        at REAL NOT NULL, sum INTEGER, PRIMARY KEY (fingerprint, space)
    );
INSERT INTO "features" VALUES('e44d7791e6bd8bf06249c39044a742a0','words-1',X'636174','','','none',1764000000.0,1836794281);
INSERT INTO "features" VALUES('8c677713e7e9e8f0b62167f2177e54be','words-1',X'646F67','','','none',1764000000.0,929285696);
INSERT INTO "features" VALUES('c0b178be22f1e7ba7cfea5fab8a5997c','words-1',X'636174','','','none',1764000000.0,2031987220);
INSERT INTO "features" VALUES('66cba0fd6273459c37875071605ace55','words-1',X'646F67','','','none',1764000000.0,3488997863);
INSERT INTO "features" VALUES('ccd53236c36745d09363493b9ccde68f','words-1',X'636174','','','none',1764000000.0,369201934);
INSERT INTO "features" VALUES('0ab91a7a7faa169641e265c4ac3fb54f','words-1',X'6C696F6E','','','none',1764000000.0,1380904783);
INSERT INTO "features" VALUES('fbd6abe15ad80b066f3fd3f20cc7ba4e','words-1',X'646F67','','','none',1764000600.0,2426509809);
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
INSERT INTO "files" VALUES(X'636174732F63312E6D7034','c0b178be22f1e7ba7cfea5fab8a5997c',X'63617473','user',65024,2287000,5,1763000000000000000,1764000000.0,0);
INSERT INTO "files" VALUES(X'636174732F63322E6D7034','e44d7791e6bd8bf06249c39044a742a0',X'63617473','user',65024,2287301,5,1763000000000000000,1764000000.0,0);
INSERT INTO "files" VALUES(X'636174732F6D6F7665642E6D7034','ccd53236c36745d09363493b9ccde68f',X'63617473','auto',65024,2287457,5,1763000000000000000,1764000000.0,0);
INSERT INTO "files" VALUES(X'646F67732F64312E6D7034','66cba0fd6273459c37875071605ace55',X'646F6773','user',65024,2287381,5,1763000000000000000,1764000000.0,0);
INSERT INTO "files" VALUES(X'646F67732F64322E6D7034','8c677713e7e9e8f0b62167f2177e54be',X'646F6773','user',65024,2287447,5,1763000000000000000,1764000000.0,0);
INSERT INTO "files" VALUES(X'6F64642E6D7034','0ab91a7a7faa169641e265c4ac3fb54f',NULL,NULL,65024,2287477,6,1763000000000000000,1764000000.0,0);
INSERT INTO "files" VALUES(X'77616974732E6D7034','fbd6abe15ad80b066f3fd3f20cc7ba4e',NULL,NULL,65024,2286937,5,1763000000000000000,1764000600.0,1);
CREATE TABLE holds (fingerprint TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
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
INSERT INTO "moves" VALUES(1,'sort',NULL,'ccd53236c36745d09363493b9ccde68f',X'6D6F7665642E6D7034',X'636174732F6D6F7665642E6D7034','[]',65024,2287457,5,1763000000000000000,'done',0.97,'like the videos in cats',1764000000.0,0,0);
CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "notes" VALUES('learned','{"labelled": 4, "folders": ["cats", "dogs"], "signature": "e6c7ec09f94a627ad5a3c278c55b9d05"}');
INSERT INTO "notes" VALUES('model','{"model_type": "words", "trained_at": "2025-11-24T16:00:00+00:00 3", "feature_space": "words-1", "best_cv_accuracy": null, "label_names": ["cats", "dogs"]}');
INSERT INTO "notes" VALUES('models','"embedded"');
INSERT INTO "notes" VALUES('root','[65024, 2286945]');
INSERT INTO "notes" VALUES('space','{"settings": "be570d9c409064e3d3e5d4a3fff85bb1", "id": "words-1", "widths": [4, 4], "models": "embedded", "device": "cpu"}');
INSERT INTO "notes" VALUES('spare','16');
INSERT INTO "notes" VALUES('spare_of','"bdfca60d5c83f7c6"');
INSERT INTO "notes" VALUES('training','"took the new model"');
CREATE TABLE predictions (
        fingerprint TEXT PRIMARY KEY, judge TEXT NOT NULL, folder BLOB NOT NULL, confidence REAL NOT NULL,
        top TEXT NOT NULL, move INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;
INSERT INTO "predictions" VALUES('0ab91a7a7faa169641e265c4ac3fb54f','2025-11-24T16:00:00+00:00 3:0.85',X'63617473',0.2,'[["cats", 0.2]]',0,'like nothing that you filed',1764000000.0);
INSERT INTO "predictions" VALUES('ccd53236c36745d09363493b9ccde68f','2025-11-24T16:00:00+00:00 3:0.85',X'63617473',0.97,'[["cats", 0.97]]',1,'like the videos in cats',1764000000.0);
INSERT INTO "predictions" VALUES('fbd6abe15ad80b066f3fd3f20cc7ba4e','2025-11-24T16:00:00+00:00 3:0.85',X'646F6773',0.3,'[["dogs", 0.3]]',0,'unlike what has been filed so far: 70% that it belongs to none of the folders',1764000600.0);
CREATE TABLE refusals (
        fingerprint TEXT NOT NULL, category BLOB NOT NULL, at REAL NOT NULL, PRIMARY KEY (fingerprint, category)
    ) WITHOUT ROWID;
CREATE TABLE unreadable (
        path BLOB PRIMARY KEY,
        device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        reason TEXT NOT NULL, attempts INTEGER NOT NULL, retry_at REAL NOT NULL
    ) WITHOUT ROWID;
CREATE INDEX files_by_content ON files (fingerprint, source);
CREATE INDEX files_by_category ON files (category);
CREATE INDEX moves_unfinished ON moves (step) WHERE step IN ('planned', 'copied');
CREATE INDEX moves_by_content ON moves (fingerprint);
CREATE INDEX moves_by_undone ON moves (undoes) WHERE undoes IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('moves',1);
COMMIT;
PRAGMA user_version = 4;
