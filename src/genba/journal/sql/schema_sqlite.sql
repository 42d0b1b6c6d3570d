-- The journal's tables on SQLite. Instants are microseconds since 1970-01-01T00:00Z (INTEGER);
-- truth values are 0 or 1; lists of words are JSON text. Everything of a case is keyed by its
-- case id first. `bucket` is a stable hash of the case id: what is claimed, is claimed by bucket.
-- `due` is 9223372036854775807 where there is none, so that it sorts last in its index.

CREATE TABLE deployments (
    id TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    digest TEXT NOT NULL,
    source BLOB NOT NULL,
    at INTEGER NOT NULL,
    by_whom TEXT NOT NULL
) STRICT;

CREATE TABLE process_versions (
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    deployment TEXT NOT NULL REFERENCES deployments (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX process_versions_deployment ON process_versions (deployment);

CREATE TABLE cases (
    case_id TEXT PRIMARY KEY,
    bucket INTEGER NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    process TEXT NOT NULL,
    version INTEGER NOT NULL,
    collaboration TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    ended_at INTEGER,
    parent TEXT NOT NULL,
    parent_element TEXT NOT NULL,
    head BLOB NOT NULL,
    state BLOB NOT NULL
) STRICT;
CREATE INDEX cases_process ON cases (process, status, number);
CREATE INDEX cases_started_by ON cases (started_by, number);
CREATE INDEX cases_collaboration ON cases (collaboration, number);
CREATE INDEX cases_parent ON cases (parent, number) WHERE parent <> '';

-- The log. `position` orders the installation, `seq` the case.
CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (case_id),
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
CREATE TRIGGER log_never_changes BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_never_shrinks BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE works (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    work TEXT NOT NULL,
    kind TEXT NOT NULL,
    node TEXT NOT NULL,
    title TEXT NOT NULL,
    role TEXT NOT NULL,
    assignee TEXT NOT NULL,
    users TEXT NOT NULL,
    groups TEXT NOT NULL,
    due INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by TEXT NOT NULL,
    outcome TEXT NOT NULL,
    channel TEXT NOT NULL,
    silent INTEGER NOT NULL,
    PRIMARY KEY (case_id, work)
) STRICT, WITHOUT ROWID;
CREATE INDEX works_mine ON works (assignee, due) WHERE closed_at IS NULL AND assignee <> '';
CREATE INDEX works_assigned ON works (assignee, case_id) WHERE assignee <> '';
CREATE INDEX works_done ON works (closed_by, closed_at) WHERE closed_at IS NOT NULL;

-- Who may take a work nobody has yet: "person/ID" or "group/NAME". Only open works are here.
CREATE TABLE candidates (
    case_id TEXT NOT NULL,
    work TEXT NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY (case_id, work, who),
    FOREIGN KEY (case_id, work) REFERENCES works (case_id, work)
) STRICT, WITHOUT ROWID;
CREATE INDEX candidates_who ON candidates (who, case_id, work);

CREATE TABLE timers (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    timer TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (case_id, timer)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due, bucket);

CREATE TABLE subscriptions (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    subscription TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    node TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (case_id, subscription)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_name ON subscriptions (kind, name, key);

-- What is to be done after commit. Rows of the installation itself have case id ''.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    key TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    UNIQUE (case_id, key)
) STRICT;
CREATE INDEX outbox_due ON outbox (due, bucket);

CREATE TABLE tokens (
    hash TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    person TEXT NOT NULL,
    purpose TEXT NOT NULL,
    expires INTEGER NOT NULL,
    revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_person ON tokens (person);

CREATE TABLE contents (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
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
CREATE UNIQUE INDEX contents_ordinal ON contents (case_id, ordinal);

CREATE TABLE followers (
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    person TEXT NOT NULL,
    PRIMARY KEY (case_id, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX followers_person ON followers (person, case_id);

CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    digest TEXT NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    channel TEXT NOT NULL,
    identity TEXT NOT NULL,
    person TEXT NOT NULL,
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    act TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
