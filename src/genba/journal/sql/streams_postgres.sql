-- Step 4 on PostgreSQL: streams, logs that are no case, in the same append-only log. What is
-- written, said and followed belongs to a case or to a stream, so the log, contents and followers
-- refer to neither table any more. Whether something has its case or stream is checked when it is
-- written, and by `genba verify`.

CREATE TABLE streams (
    stream_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    head BYTEA NOT NULL,
    state BYTEA NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX streams_kind ON streams (kind, stream_id);

CREATE TABLE stream_marks (
    stream_id TEXT NOT NULL REFERENCES streams (stream_id),
    kind TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (stream_id, mark)
);
CREATE INDEX stream_marks_mark ON stream_marks (kind, mark, stream_id);

ALTER TABLE log DROP CONSTRAINT log_case_id_fkey;
ALTER TABLE contents DROP CONSTRAINT contents_case_id_fkey;
ALTER TABLE followers DROP CONSTRAINT followers_case_id_fkey;
