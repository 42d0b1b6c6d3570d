-- Step 4 on SQLite: streams, logs that are no case, in the same append-only log. What is written,
-- said and followed belongs to a case or to a stream, so the log, contents and followers refer to
-- neither table any more: they are written again as they are, without the reference. Whether
-- something has its case or stream is checked when it is written, and by `genba verify`.

CREATE TABLE streams (
    stream_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    head BLOB NOT NULL,
    state BLOB NOT NULL
) STRICT;
CREATE INDEX streams_kind ON streams (kind, stream_id);

CREATE TABLE stream_marks (
    stream_id TEXT NOT NULL REFERENCES streams (stream_id),
    kind TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (stream_id, mark)
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_marks_mark ON stream_marks (kind, mark, stream_id);

CREATE TABLE log_again (
    position INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    behalf TEXT NOT NULL,
    channel TEXT NOT NULL,
    machine INTEGER NOT NULL,
    act TEXT NOT NULL,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (case_id, seq)
) STRICT;
INSERT INTO log_again (position, case_id, seq, type, body, at, actor, behalf, channel, machine,
                       act, key, reason, hash)
SELECT position, case_id, seq, type, body, at, actor, behalf, channel, machine, act, key, reason,
       hash FROM log ORDER BY position;
-- A dropped table deletes its rows in silence where nothing refers to them; its triggers do not run.
DROP TABLE log;
ALTER TABLE log_again RENAME TO log;
CREATE INDEX log_decisions ON log (position) WHERE type = 'decision-made';
CREATE TRIGGER log_never_changes BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_never_shrinks BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE contents_again (
    case_id TEXT NOT NULL,
    id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL,
    erased INTEGER NOT NULL,
    PRIMARY KEY (case_id, id)
) STRICT;
INSERT INTO contents_again (case_id, id, ordinal, kind, name, media_type, size, body, erased)
SELECT case_id, id, ordinal, kind, name, media_type, size, body, erased FROM contents;
DROP TABLE contents;
ALTER TABLE contents_again RENAME TO contents;
CREATE UNIQUE INDEX contents_ordinal ON contents (case_id, ordinal);

CREATE TABLE followers_again (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (case_id, person)
) STRICT, WITHOUT ROWID;
INSERT INTO followers_again (case_id, person) SELECT case_id, person FROM followers;
DROP TABLE followers;
ALTER TABLE followers_again RENAME TO followers;
CREATE INDEX followers_person ON followers (person, case_id);
