-- Every question the journal asks its database, one query per purpose.
--
-- `-- name: X` opens a query, the comment below says what it is for. Parameters are `:word`; a
-- list is `(:word...)` and is spelled out for the number of its values. Plain SQL that SQLite
-- and PostgreSQL both run; where they must differ, `-- name: X for postgres` follows.

-- name: case
-- A case with its state, to act on it.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element, state
FROM cases WHERE case_id = :case;

-- name: case_by_number
-- A case by the number people say.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element, state
FROM cases WHERE number = :number;

-- name: cases
-- A page of cases, newest first, without their states. An empty word does not filter.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element
FROM cases
WHERE (:process = '' OR process = :process)
  AND (:status = '' OR status = :status)
  AND (:collaboration = '' OR collaboration = :collaboration)
  AND (:parent = '' OR parent = :parent)
ORDER BY number DESC LIMIT :limit OFFSET :after;

-- name: cases_of_person
-- The same, of the cases a person started, has or had a work in, or follows.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element
FROM cases
WHERE case_id IN (
        SELECT case_id FROM cases WHERE started_by = :person
        UNION SELECT case_id FROM works WHERE assignee = :person AND assignee <> ''
        UNION SELECT case_id FROM followers WHERE person = :person)
  AND (:process = '' OR process = :process)
  AND (:status = '' OR status = :status)
  AND (:collaboration = '' OR collaboration = :collaboration)
  AND (:parent = '' OR parent = :parent)
ORDER BY number DESC LIMIT :limit OFFSET :after;

-- name: cases_of_collaboration
-- The cases that talk to one another, newest first, without their states.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element
FROM cases
WHERE collaboration = :collaboration
  AND (:process = '' OR process = :process)
  AND (:status = '' OR status = :status)
  AND (:parent = '' OR parent = :parent)
ORDER BY number DESC LIMIT :limit OFFSET :after;

-- name: cases_of_parent
-- The cases a case called, newest first, without their states.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element
FROM cases
WHERE parent = :parent AND parent <> ''
  AND (:process = '' OR process = :process)
  AND (:status = '' OR status = :status)
ORDER BY number DESC LIMIT :limit OFFSET :after;

-- name: running_in
-- A page of the cases that run in a version, by id, with their states.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element, state
FROM cases
WHERE process = :process AND version = :version AND status = 'running' AND case_id > :after
ORDER BY case_id LIMIT :limit;

-- name: running_versions
-- The versions cases of a process run in, and how many of each.
SELECT version, count(*) FROM cases
WHERE process = :process AND status = 'running' GROUP BY version ORDER BY version;

-- name: count_cases
-- How many `cases` would list without a limit.
SELECT count(*) FROM cases
WHERE (:process = '' OR process = :process)
  AND (:status = '' OR status = :status)
  AND (:collaboration = '' OR collaboration = :collaboration)
  AND (:parent = '' OR parent = :parent);

-- name: count_cases_of_person
-- How many `cases_of_person` would list without a limit.
SELECT count(*) FROM cases
WHERE case_id IN (
        SELECT case_id FROM cases WHERE started_by = :person
        UNION SELECT case_id FROM works WHERE assignee = :person AND assignee <> ''
        UNION SELECT case_id FROM followers WHERE person = :person)
  AND (:process = '' OR process = :process)
  AND (:status = '' OR status = :status)
  AND (:collaboration = '' OR collaboration = :collaboration)
  AND (:parent = '' OR parent = :parent);

-- name: next_number
-- The number of a new case.
SELECT coalesce(max(number), 0) + 1 FROM cases;

-- name: next_number for postgres
-- The number of a new case, without waiting for other writers.
SELECT nextval('case_numbers');

-- name: create_case
-- A new case; its log is empty, so its head is.
INSERT INTO cases (case_id, bucket, number, process, version, collaboration, title, status,
                   revision, started_at, started_by, ended_at, parent, parent_element, head, state)
VALUES (:case, :bucket, :number, :process, :version, :collaboration, :title, :status,
        :revision, :started_at, :started_by, :ended_at, :parent, :parent_element, :head, :state)
ON CONFLICT (case_id) DO NOTHING;

-- name: head
-- Where the log of a case stands: what an append is checked against.
SELECT revision, head FROM cases WHERE case_id = :case;

-- name: case_to_write
-- A case with its state and the hash of its last entry, to act on it without asking again.
SELECT case_id, number, process, version, collaboration, title, status, revision,
       started_at, started_by, ended_at, parent, parent_element, state, head
FROM cases WHERE case_id = :case;

-- name: store_case
-- The case after an act. The revision guards it a second time.
UPDATE cases SET process = :process, version = :version, collaboration = :collaboration,
                 title = :title, status = :status, revision = :revision, ended_at = :ended_at,
                 parent = :parent, parent_element = :parent_element, head = :head, state = :state
WHERE case_id = :case AND revision = :expected;

-- name: store_step
-- The same for a case that stays in the lists it is in: no index is written.
UPDATE cases SET version = :version, title = :title, revision = :revision, ended_at = :ended_at,
                 parent_element = :parent_element, head = :head, state = :state
WHERE case_id = :case AND revision = :expected;

-- name: stream
-- A stream with what it comes to; the hash of its last entry stands last.
SELECT stream_id, kind, revision, updated, state, head FROM streams WHERE stream_id = :id;

-- name: streams
-- The streams of a kind, by id.
SELECT stream_id, kind, revision, updated, state FROM streams
WHERE kind = :kind AND stream_id > :after ORDER BY stream_id LIMIT :limit;

-- name: marked_streams
-- The streams of a kind that have a mark, by id.
SELECT s.stream_id, s.kind, s.revision, s.updated, s.state
FROM stream_marks m JOIN streams s ON s.stream_id = m.stream_id
WHERE m.kind = :kind AND m.mark = :mark AND m.stream_id > :after
ORDER BY m.stream_id LIMIT :limit;

-- name: stream_head
-- Where the log of a stream stands: what writing is checked against.
SELECT revision, head FROM streams WHERE stream_id = :case;

-- name: create_stream
-- A stream with its first entries.
INSERT INTO streams (stream_id, kind, revision, updated, head, state)
VALUES (:id, :kind, :revision, :updated, :head, :state)
ON CONFLICT (stream_id) DO NOTHING;

-- name: store_stream
-- The stream after an act. The revision guards it a second time.
UPDATE streams SET revision = :revision, updated = :updated, head = :head, state = :state
WHERE stream_id = :id AND revision = :expected;

-- name: drop_marks
-- The marks of a stream are given anew.
DELETE FROM stream_marks WHERE stream_id = :id;

-- name: put_mark
-- What a stream is found by.
INSERT INTO stream_marks (stream_id, kind, mark) VALUES (:id, :kind, :mark);

-- name: next_position
-- The position of the next entry.
SELECT coalesce(max(position), 0) + 1 FROM log;

-- name: next_position for postgres
-- Where the entries of this transaction begin: its number, shifted to leave room for 65,536. No
-- writer waits for another, and the log can be followed: see `horizon` in `log_since`.
SELECT base + (pg_current_xact_id()::text::bigint << 16) FROM log_epoch;

-- name: append_entry
-- One line of the log.
INSERT INTO log (case_id, seq, position, type, body, at, actor, behalf, channel, machine, act,
                 key, reason, hash)
VALUES (:case, :seq, :position, :type, :body, :at, :actor, :behalf, :channel, :machine, :act,
        :key, :reason, :hash);

-- name: log
-- The log of a case, oldest first.
SELECT position, case_id, seq, type, body, hash, at, actor, behalf, channel, machine, act, key,
       reason
FROM log WHERE case_id = :case AND seq > :after ORDER BY seq LIMIT :limit;

-- name: log_since
-- The log of the installation after a position: what live pages follow.
SELECT position, case_id, seq, type, body, hash, at, actor, behalf, channel, machine, act, key,
       reason
FROM log WHERE position > :after ORDER BY position LIMIT :limit;

-- name: log_since for postgres
-- The same, up to the horizon: transactions before the oldest one that still runs. A transaction
-- that is still to commit is at or behind the horizon, so that nobody who follows misses it.
SELECT position, case_id, seq, type, body, hash, at, actor, behalf, channel, machine, act, key,
       reason
FROM log
WHERE position > :after
  AND position < (SELECT base + (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 16)
                  FROM log_epoch)
ORDER BY position LIMIT :limit;

-- name: position
-- How far the log of the installation goes.
SELECT coalesce(max(position), 0) FROM log;

-- name: position for postgres
-- The same, up to the horizon; in a writing transaction its own entries count too.
SELECT greatest(
    (SELECT coalesce(max(position), 0) FROM log
     WHERE position < (SELECT base + (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 16)
                       FROM log_epoch)),
    (SELECT coalesce(max(position), 0) FROM log
     WHERE position >= (SELECT base + (pg_current_xact_id_if_assigned()::text::bigint << 16)
                        FROM log_epoch)));

-- name: advance_epoch for postgres
-- After a restore into another server, whose transactions are counted anew: go on behind the log.
UPDATE log_epoch
SET base = (SELECT max(position) FROM log) | 65535
WHERE (SELECT max(position) FROM log) >= base + (pg_current_xact_id()::text::bigint << 16);

-- name: heads
-- Every case with what its log must end with, a page at a time.
SELECT case_id, revision, head FROM cases WHERE case_id > :after ORDER BY case_id LIMIT :limit;

-- name: stream_heads
-- The same of every stream.
SELECT stream_id, revision, head FROM streams
WHERE stream_id > :after ORDER BY stream_id LIMIT :limit;

-- name: orphans
-- Entries whose case or stream is gone.
SELECT DISTINCT case_id FROM log
WHERE NOT EXISTS (SELECT 1 FROM cases WHERE cases.case_id = log.case_id)
  AND NOT EXISTS (SELECT 1 FROM streams WHERE streams.stream_id = log.case_id);

-- name: log_size
-- Entries there are, and entries there must be (positions have no gaps on SQLite).
SELECT count(*), coalesce(max(position), 0) FROM log;

-- name: number_size
-- Cases there are, and cases there must be (numbers have no gaps on SQLite).
SELECT count(*), coalesce(max(number), 0) FROM cases;

-- name: work
-- One work.
SELECT case_id, work, kind, node, title, role, assignee, users, groups, due, priority, opened_at,
       closed_at, closed_by, outcome, channel, silent, later, delay, rank
FROM works WHERE case_id = :case AND work = :work;

-- name: works
-- All works of a case, in the order they were opened.
SELECT case_id, work, kind, node, title, role, assignee, users, groups, due, priority, opened_at,
       closed_at, closed_by, outcome, channel, silent, later, delay, rank
FROM works WHERE case_id = :case ORDER BY opened_at, length(work), work;

-- name: open_works
-- The open works of a case, in the order they were opened.
SELECT case_id, work, kind, node, title, role, assignee, users, groups, due, priority, opened_at,
       closed_at, closed_by, outcome, channel, silent, later, delay, rank
FROM works WHERE case_id = :case AND closed_at IS NULL ORDER BY opened_at, length(work), work;

-- name: open_work
-- Somebody is asked something.
INSERT INTO works (case_id, work, kind, node, title, role, assignee, users, groups, due, priority,
                   opened_at, closed_at, closed_by, outcome, channel, silent, later, delay, rank)
VALUES (:case, :work, :kind, :node, :title, :role, :assignee, :users, :groups, :due, :priority,
        :opened_at, :closed_at, :closed_by, :outcome, :channel, :silent, :later, :delay, :rank)
ON CONFLICT (case_id, work) DO NOTHING;

-- name: add_candidate
-- One who may take it.
INSERT INTO candidates (case_id, work, who, rank) VALUES (:case, :work, :who, :rank)
ON CONFLICT (case_id, work, who) DO NOTHING;

-- name: drop_candidates
-- Nobody needs to be asked any more.
DELETE FROM candidates WHERE case_id = :case AND work = :work;

-- name: assign_work
-- Somebody has it now; '' gives it back to its candidates.
UPDATE works SET assignee = :assignee
WHERE case_id = :case AND work = :work AND closed_at IS NULL;

-- name: rank_candidates
-- Where it stands in its queues: behind all others while somebody has it.
UPDATE candidates SET rank = CASE WHEN :assignee = '' THEN (
    SELECT CASE WHEN w.later IS NOT NULL THEN :never WHEN w.rank IS NOT NULL THEN w.rank
                ELSE CASE WHEN w.due < :never THEN w.due ELSE w.opened_at + 864000000000 END
                     - (w.priority - 50) * 17280000000 END FROM works w
    WHERE w.case_id = candidates.case_id AND w.work = candidates.work) ELSE :never END
WHERE case_id = :case AND work = :work;

-- name: revise_work
-- The same work, asked in other words or open again; when it was opened does not change.
UPDATE works SET kind = :kind, node = :node, title = :title, role = :role, assignee = :assignee,
                 users = :users, groups = :groups, due = :due, priority = :priority,
                 closed_at = :closed_at, closed_by = :closed_by, outcome = :outcome,
                 channel = :channel, silent = :silent, later = :later, delay = :delay,
                 rank = :rank
WHERE case_id = :case AND work = :work;

-- name: close_work
-- It is done, or no longer asked.
UPDATE works SET closed_at = :at, closed_by = :by_whom, outcome = :outcome, channel = :channel
WHERE case_id = :case AND work = :work AND closed_at IS NULL;

-- name: inbox_mine
-- Open works a person has. In the order of `rank`.
SELECT w.case_id, w.work, w.kind, w.node, w.title, w.role, w.assignee, w.users, w.groups, w.due,
       w.priority, w.opened_at, w.closed_at, w.closed_by, w.outcome, w.channel, w.silent, w.later,
       w.delay, w.rank,
       c.title, c.number, c.process, c.version
FROM works w JOIN cases c ON c.case_id = w.case_id
WHERE w.closed_at IS NULL AND w.later IS NULL AND w.assignee IN (:person...) AND w.assignee <> ''
ORDER BY coalesce(w.rank, CASE WHEN w.due < 9223372036854775807 THEN w.due
                               ELSE w.opened_at + 864000000000 END
                          - (w.priority - 50) * 17280000000), w.case_id, w.work LIMIT :limit OFFSET :after;

-- name: inbox_overdue
-- What needs the person and was due before an instant, soonest due first.
SELECT w.case_id, w.work, w.kind, w.node, w.title, w.role, w.assignee, w.users, w.groups, w.due,
       w.priority, w.opened_at, w.closed_at, w.closed_by, w.outcome, w.channel, w.silent, w.later,
       w.delay, w.rank,
       c.title, c.number, c.process, c.version
FROM (SELECT case_id, work FROM works
      WHERE closed_at IS NULL AND assignee IN (:person...) AND assignee <> ''
      UNION
      SELECT w2.case_id, w2.work FROM works w2
      WHERE w2.closed_at IS NULL AND w2.assignee = '' AND w2.due < 9223372036854775807
        AND w2.due <= :before AND EXISTS (
            SELECT 1 FROM candidates k
            WHERE k.case_id = w2.case_id AND k.work = w2.work AND k.who IN (:who...))) o
JOIN works w ON w.case_id = o.case_id AND w.work = o.work
JOIN cases c ON c.case_id = w.case_id
WHERE w.due <= :before AND w.later IS NULL
ORDER BY w.due, w.priority DESC, w.opened_at, w.case_id, w.work LIMIT :limit OFFSET :after;

-- name: inbox_later
-- What needs the person and is put off; what comes back first.
SELECT w.case_id, w.work, w.kind, w.node, w.title, w.role, w.assignee, w.users, w.groups, w.due,
       w.priority, w.opened_at, w.closed_at, w.closed_by, w.outcome, w.channel, w.silent, w.later,
       w.delay, w.rank,
       c.title, c.number, c.process, c.version
FROM (SELECT case_id, work FROM works
      WHERE closed_at IS NULL AND assignee IN (:person...) AND assignee <> ''
      UNION
      SELECT w2.case_id, w2.work FROM candidates k
      JOIN works w2 ON w2.case_id = k.case_id AND w2.work = k.work
      WHERE k.who IN (:who...) AND k.rank = :never AND w2.assignee = '') o
JOIN works w ON w.case_id = o.case_id AND w.work = o.work
JOIN cases c ON c.case_id = w.case_id
WHERE w.closed_at IS NULL AND w.later IS NOT NULL
ORDER BY w.later, w.due, w.priority DESC, w.opened_at, w.case_id, w.work
LIMIT :limit OFFSET :after;

-- name: inbox_done
-- What the person did, latest first.
SELECT w.case_id, w.work, w.kind, w.node, w.title, w.role, w.assignee, w.users, w.groups, w.due,
       w.priority, w.opened_at, w.closed_at, w.closed_by, w.outcome, w.channel, w.silent, w.later,
       w.delay, w.rank,
       c.title, c.number, c.process, c.version
FROM works w JOIN cases c ON c.case_id = w.case_id
WHERE w.closed_by = :person AND w.closed_at IS NOT NULL AND w.outcome = 'completed'
ORDER BY w.closed_at DESC, w.case_id, w.work LIMIT :limit OFFSET :after;

-- name: queue
-- The front of a queue: open works of one team or person that nobody has, in the order of `rank`.
SELECT w.case_id, w.work, w.kind, w.node, w.title, w.role, w.assignee, w.users, w.groups, w.due,
       w.priority, w.opened_at, w.closed_at, w.closed_by, w.outcome, w.channel, w.silent, w.later,
       w.delay, w.rank,
       c.title, c.number, c.process, c.version
FROM candidates k
JOIN works w ON w.case_id = k.case_id AND w.work = k.work
JOIN cases c ON c.case_id = w.case_id
WHERE k.who = :who AND w.closed_at IS NULL AND w.later IS NULL AND w.assignee = ''
ORDER BY k.rank, k.case_id, k.work LIMIT :limit OFFSET :after;

-- name: queue_length
-- How many wait in it, counted as far as :most.
SELECT count(*) FROM (
    SELECT 1 FROM candidates WHERE who = :who AND rank < :never LIMIT :most) k;

-- name: in_hand
-- Who has how many open works of a queue; what is put off does not count.
SELECT w.assignee, count(*) FROM candidates k
JOIN works w ON w.case_id = k.case_id AND w.work = k.work
WHERE k.who = :who AND k.rank = :never
  AND w.closed_at IS NULL AND w.later IS NULL AND w.assignee <> ''
GROUP BY w.assignee ORDER BY w.assignee;

-- name: found
-- What has all of these words, what was written last first.
SELECT f.id, f.case_id, f.part FROM found_words t JOIN findable f ON f.id = t.rowid
WHERE t.words MATCH :asked AND t.rowid < :before ORDER BY t.rowid DESC LIMIT :limit;

-- name: found for postgres
-- The same.
SELECT id, case_id, part FROM findable
WHERE words @@ to_tsquery('simple', :asked) AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: make_findable
-- Something that is found by its words.
INSERT INTO findable (case_id, part) VALUES (:case, :part) ON CONFLICT (case_id, part) DO NOTHING;

-- name: find_by
-- By these words.
INSERT INTO found_words (rowid, words)
SELECT id, :words FROM findable WHERE case_id = :case AND part = :part;

-- name: find_no_more_by
-- No more by these, which are those it was found by.
INSERT INTO found_words (found_words, rowid, words)
SELECT 'delete', id, :words FROM findable WHERE case_id = :case AND part = :part;

-- name: forget_findable
-- It is not found any more.
DELETE FROM findable WHERE case_id = :case AND part = :part;

-- name: open_titles
-- What open works are called, each title once: one look into the index a title.
WITH RECURSIVE t (title) AS (
    SELECT (SELECT min(title) FROM works WHERE closed_at IS NULL)
    UNION ALL
    SELECT (SELECT min(w.title) FROM works w WHERE w.closed_at IS NULL AND w.title > t.title)
    FROM t WHERE t.title IS NOT NULL)
SELECT title FROM t WHERE title IS NOT NULL LIMIT :limit;

-- name: titled
-- Open works called so, what was asked last first.
SELECT case_id, work, kind, node, title, role, assignee, users, groups, due, priority, opened_at,
       closed_at, closed_by, outcome, channel, silent, later, delay, rank
FROM works WHERE title = :title AND closed_at IS NULL
ORDER BY opened_at DESC LIMIT :limit;

-- name: deeds
-- What a person did lately, by step of a version, and how often.
SELECT c.process, c.version, d.node, d.title, count(*), max(d.closed_at)
FROM (SELECT case_id, node, title, closed_at FROM works
      WHERE closed_by = :person AND closed_at IS NOT NULL AND outcome = 'completed'
      ORDER BY closed_at DESC LIMIT :limit) d
JOIN cases c ON c.case_id = d.case_id
GROUP BY c.process, c.version, d.node, d.title
ORDER BY count(*) DESC, c.process, c.version, d.node, d.title;

-- name: hold_work
-- Whether a work is still nobody's, while others wait for our answer.
SELECT 1 FROM works
WHERE case_id = :case AND work = :work AND closed_at IS NULL AND assignee = '';

-- name: hold_work for postgres
-- The same; what somebody is just taking is not waited for.
SELECT 1 FROM works
WHERE case_id = :case AND work = :work AND closed_at IS NULL AND assignee = ''
FOR UPDATE SKIP LOCKED;

-- name: count_mine
-- Open works a person has: all, those due before now, and those put off, which are in neither.
SELECT coalesce(sum(CASE WHEN later IS NULL THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN later IS NULL AND due < :now THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN later IS NULL THEN 0 ELSE 1 END), 0)
FROM works WHERE closed_at IS NULL AND assignee IN (:person...) AND assignee <> '';

-- name: waiting_ids
-- What waits in a queue, counted as far as :limit.
SELECT case_id, work FROM candidates
WHERE who = :who AND rank < :never ORDER BY rank, case_id, work LIMIT :limit;

-- name: count_groups
-- Works the person may take: those due before now, counted as far as :most, and those put off.
SELECT (SELECT count(*) FROM (
            SELECT 1 FROM works w
            WHERE w.closed_at IS NULL AND w.assignee = '' AND w.due < 9223372036854775807
              AND w.due < :now AND w.later IS NULL AND EXISTS (
                  SELECT 1 FROM candidates k
                  WHERE k.case_id = w.case_id AND k.work = w.work AND k.who IN (:who...))
            LIMIT :most) l),
       (SELECT count(*) FROM (
            SELECT DISTINCT k.case_id, k.work FROM candidates k
            JOIN works w ON w.case_id = k.case_id AND w.work = k.work
            WHERE k.who IN (:who...) AND k.rank = :never AND w.assignee = ''
              AND w.closed_at IS NULL AND w.later IS NOT NULL) o);

-- name: count_done
-- Works the person did.
SELECT count(*) FROM works
WHERE closed_by = :person AND closed_at IS NOT NULL AND outcome = 'completed';

-- name: last_words
-- The latest words said in each of these cases, for their lines in a list.
SELECT c.case_id, (SELECT t.body FROM contents t
                   WHERE t.case_id = c.case_id AND t.kind = 'words' AND t.erased = 0
                   ORDER BY t.ordinal DESC LIMIT 1)
FROM cases c WHERE c.case_id IN (:case...);

-- name: deployment
-- A file as it was deployed.
SELECT id, file, digest, source, at, by_whom FROM deployments WHERE id = :id;

-- name: put_deployment
-- Keep a file.
INSERT INTO deployments (id, file, digest, source, at, by_whom)
VALUES (:id, :file, :digest, :source, :at, :by);

-- name: put_version
-- The next version of a process.
INSERT INTO process_versions (key, version, name, deployment, at)
VALUES (:key,
        (SELECT coalesce(max(version), 0) + 1 FROM process_versions WHERE key = :key),
        :name, :deployment, :at);

-- name: versions_of_deployment
-- What a file brought.
SELECT key, version, name, deployment, at FROM process_versions
WHERE deployment = :deployment ORDER BY key, version;

-- name: processes
-- The latest version of every process.
SELECT p.key, p.version, p.name, p.deployment, p.at FROM process_versions p
WHERE p.version = (SELECT max(q.version) FROM process_versions q WHERE q.key = p.key)
ORDER BY p.name, p.key;

-- name: versions
-- All versions of a process, latest first.
SELECT key, version, name, deployment, at FROM process_versions
WHERE key = :key ORDER BY version DESC;

-- name: process_version
-- One version.
SELECT key, version, name, deployment, at FROM process_versions
WHERE key = :key AND version = :version;

-- name: put_decision
-- The next version of a decision.
INSERT INTO decision_versions (key, version, name, deployment, at)
VALUES (:key,
        (SELECT coalesce(max(version), 0) + 1 FROM decision_versions WHERE key = :key),
        :name, :deployment, :at);

-- name: decisions_of_deployment
-- The decisions a file brought.
SELECT key, version, name, deployment, at FROM decision_versions
WHERE deployment = :deployment ORDER BY key, version;

-- name: decisions
-- The latest version of every decision.
SELECT p.key, p.version, p.name, p.deployment, p.at FROM decision_versions p
WHERE p.version = (SELECT max(q.version) FROM decision_versions q WHERE q.key = p.key)
ORDER BY p.name, p.key;

-- name: decision_versions
-- All versions of a decision, latest first.
SELECT key, version, name, deployment, at FROM decision_versions
WHERE key = :key ORDER BY version DESC;

-- name: decisions_made
-- What was decided lately, in all cases, newest first.
SELECT position, case_id, seq, type, body, hash, at, actor, behalf, channel, machine, act, key,
       reason
FROM log WHERE type = 'decision-made' ORDER BY position DESC LIMIT :limit;

-- name: timers
-- The timers of a case.
SELECT case_id, timer, due FROM timers WHERE case_id = :case ORDER BY due, timer;

-- name: due_timers
-- Timers whose time has come, earliest first.
SELECT case_id, timer, due FROM timers WHERE due <= :now
ORDER BY due, case_id, timer LIMIT :limit;

-- name: next_due
-- The earliest instant at which there is something to do.
SELECT min(due) FROM (SELECT min(due) AS due FROM timers
                      UNION ALL SELECT min(due) AS due FROM outbox) d;

-- name: set_timer
-- A timer, or its new time.
INSERT INTO timers (case_id, timer, bucket, due) VALUES (:case, :timer, :bucket, :due)
ON CONFLICT (case_id, timer) DO UPDATE SET due = excluded.due;

-- name: drop_timer
-- It fired, or is no longer needed.
DELETE FROM timers WHERE case_id = :case AND timer = :timer;

-- name: subscribers
-- Cases that wait for a message or signal of a name.
SELECT case_id, subscription, kind, name, node, key FROM subscriptions
WHERE kind = :kind AND name = :name ORDER BY case_id, subscription;

-- name: subscribers_by_key
-- The same, for one correlation key; a subscription without a key hears every key.
SELECT case_id, subscription, kind, name, node, key FROM subscriptions
WHERE kind = :kind AND name = :name AND key IN (:key, '') ORDER BY case_id, subscription;

-- name: subscribe
-- A case begins to wait.
INSERT INTO subscriptions (case_id, subscription, kind, name, node, key)
VALUES (:case, :subscription, :kind, :name, :node, :key);

-- name: unsubscribe
-- A case waits no longer.
DELETE FROM subscriptions WHERE case_id = :case AND subscription = :subscription;

-- name: due_outbox_of
-- What is to be done now of some kinds, earliest first.
SELECT id, case_id, kind, body, key, due, attempts, error, fence, deaths,
       holder, lease FROM outbox
WHERE due <= :now AND kind IN (:kind...)
ORDER BY due, id LIMIT :limit;

-- name: due_outbox_but
-- What is to be done now of all other kinds, earliest first.
SELECT id, case_id, kind, body, key, due, attempts, error, fence, deaths,
       holder, lease FROM outbox
WHERE due <= :now AND kind NOT IN (:kind...)
      AND substr(kind, 1, 6) <> 'topic/'
ORDER BY due, id LIMIT :limit;

-- name: unserved
-- What waits for whoever asks for it by name, and nobody has it; the longest first.
SELECT id, case_id, kind, body, key, due, attempts, error, fence, deaths,
       holder, lease FROM outbox
WHERE due <= :before AND lease <= :now AND substr(kind, 1, 6) = 'topic/'
ORDER BY due, id LIMIT :limit;

-- name: outbox
-- All that waits to be done for a case (or, for '', for the installation), earliest first.
SELECT id, case_id, kind, body, key, due, attempts, error, fence, deaths,
       holder, lease FROM outbox WHERE case_id = :case
ORDER BY due, id;

-- name: post
-- Something to do after commit; the same key is kept once.
INSERT INTO outbox (case_id, bucket, kind, body, key, due, attempts, error)
VALUES (:case, :bucket, :kind, :body, :key, :due, 0, '')
ON CONFLICT (case_id, key) DO NOTHING;

-- name: settle
-- It is done.
DELETE FROM outbox WHERE case_id = :case AND id = :id AND key = :key AND fence = :fence;

-- name: postpone
-- It failed; try again later.
UPDATE outbox SET due = :due, error = :error, attempts = attempts + 1, lease = 0
WHERE case_id = :case AND id = :id AND key = :key AND fence = :fence;

-- name: token
-- A secret by its hash.
SELECT hash, case_id, object, object_id, person, purpose, expires, revoked
FROM tokens WHERE hash = :hash;

-- name: put_token
-- Keep the hash of a secret.
INSERT INTO tokens (hash, case_id, object, object_id, person, purpose, expires, revoked)
VALUES (:hash, :case, :object, :object_id, :person, :purpose, :expires, :revoked);

-- name: revoke_tokens
-- A person's secrets open nothing any more.
UPDATE tokens SET revoked = 1 WHERE person = :person AND revoked = 0;

-- name: content
-- Words or a file.
SELECT case_id, id, kind, name, media_type, size, body, erased
FROM contents WHERE case_id = :case AND id = :id;

-- name: contents
-- All words and files of a case, in order; files without their bytes.
SELECT case_id, id, kind, name, media_type, size,
       CASE WHEN kind = 'file' THEN :nothing ELSE body END, erased
FROM contents WHERE case_id = :case ORDER BY ordinal;

-- name: put_content
-- Keep words or a file.
INSERT INTO contents (case_id, id, ordinal, kind, name, media_type, size, body, erased)
VALUES (:case, :id,
        (SELECT coalesce(max(ordinal), 0) + 1 FROM contents WHERE case_id = :case),
        :kind, :name, :media_type, :size, :body, :erased);

-- name: erase_content
-- Forget words or a file; that there were some, stays.
UPDATE contents SET body = :nothing, name = '', size = 0, erased = 1
WHERE case_id = :case AND id = :id;

-- name: followers
-- Who follows a case.
SELECT person FROM followers WHERE case_id = :case ORDER BY person;

-- name: followed
-- What a person follows: cases and streams, by id.
SELECT case_id FROM followers WHERE person = :person ORDER BY case_id;

-- name: follow
-- A person follows a case.
INSERT INTO followers (case_id, person) VALUES (:case, :person)
ON CONFLICT (case_id, person) DO NOTHING;

-- name: unfollow
-- A person follows it no longer.
DELETE FROM followers WHERE case_id = :case AND person = :person;

-- name: answer
-- What was answered to a command.
SELECT key, actor, digest, body, at FROM answers WHERE key = :key;

-- name: remember
-- Keep the answer to a command.
INSERT INTO answers (key, actor, digest, body, at) VALUES (:key, :actor, :digest, :body, :at)
ON CONFLICT (key) DO NOTHING;

-- name: attempts
-- The latest inbound tries.
SELECT at, channel, identity, person, object, object_id, act, outcome, detail
FROM attempts ORDER BY id DESC LIMIT :limit;

-- name: note_attempt
-- Keep an inbound try.
INSERT INTO attempts (at, channel, identity, person, object, object_id, act, outcome, detail)
VALUES (:at, :channel, :identity, :person, :object, :object_id, :act, :outcome, :detail);

-- name: park
-- Nobody tries it any more; a work asks what to do.
UPDATE outbox SET due = :due, error = :error, incident = :incident, lease = 0
WHERE case_id = :case AND id = :id AND key = :key AND fence = :fence;

-- name: parked
-- What nobody tries any more, and no open work asks about; the earliest first.
SELECT id, case_id, kind, body, key, due, attempts, error, fence, deaths,
       holder, lease FROM outbox o
WHERE due = :due
      AND NOT EXISTS (SELECT 1 FROM works w WHERE w.case_id = o.case_id AND w.work = o.incident
                      AND w.closed_at IS NULL)
ORDER BY id LIMIT :limit;

-- name: take_up
-- Somebody says: try it again.
UPDATE outbox SET due = :due, incident = '', attempts = 0, deaths = 0
WHERE case_id = :case AND incident = :incident AND incident <> '';

-- name: let_go
-- Somebody says: go on without it. A timer stays: the token that waits for it could not go on.
DELETE FROM outbox
WHERE case_id = :case AND incident = :incident AND incident <> '' AND kind <> 'timer';

-- name: due_buckets_timers
-- Buckets in which something is due that nobody has claimed.
SELECT DISTINCT bucket FROM timers WHERE due <= :now AND lease <= :now;

-- name: due_buckets_timers for postgres
-- The same, by one look into the index for each bucket, however much is due.
SELECT b FROM generate_series(0, 63) b WHERE EXISTS (
    SELECT 1 FROM timers WHERE bucket = b AND due <= :now AND lease <= :now);

-- name: claim_timers
-- Take some of a bucket, earliest first. One that was claimed before and never given back has
-- lost its worker.
UPDATE timers SET lease = :until, fence = fence + 1,
                  deaths = deaths + CASE WHEN lease > 0 THEN 1 ELSE 0 END
WHERE (case_id, timer) IN (
    SELECT case_id, timer FROM timers
    WHERE bucket = :bucket AND due <= :now AND lease <= :now
    ORDER BY due LIMIT :limit)
RETURNING case_id, timer, due, fence, deaths;

-- name: claim_timers for postgres
-- The same, passing by what others are just taking. Picked first: a sub-select with a limit may be
-- asked more than once.
WITH picked AS MATERIALIZED (
    SELECT case_id, timer FROM timers
    WHERE bucket = :bucket AND due <= :now AND lease <= :now
    ORDER BY due LIMIT :limit FOR UPDATE SKIP LOCKED)
UPDATE timers t SET lease = :until, fence = t.fence + 1,
                    deaths = t.deaths + CASE WHEN t.lease > 0 THEN 1 ELSE 0 END
FROM picked p WHERE t.case_id = p.case_id AND t.timer = p.timer
RETURNING t.case_id, t.timer, t.due, t.fence, t.deaths;

-- name: lease_timers
-- Keep it longer, or give it back (0); not when somebody else has it now.
UPDATE timers SET lease = :until
WHERE case_id = :case AND timer = :timer AND fence = :fence AND lease > 0;

-- name: due_buckets_outbox_of
-- Buckets in which something is due that nobody has claimed.
SELECT DISTINCT bucket FROM outbox WHERE due <= :now AND lease <= :now AND kind IN (:kind...);

-- name: due_buckets_outbox_of for postgres
-- The same, by one look into the index for each bucket, however much is due.
SELECT b FROM generate_series(0, 63) b WHERE EXISTS (
    SELECT 1 FROM outbox WHERE bucket = b AND due <= :now AND lease <= :now AND kind IN (:kind...));

-- name: claim_outbox_of
-- Take some of a bucket, earliest first. One that was claimed before and never given back has
-- lost its worker.
UPDATE outbox SET lease = :until, holder = :holder, fence = fence + 1,
                  deaths = deaths + CASE WHEN lease > 0 THEN 1 ELSE 0 END
WHERE (case_id, id) IN (
    SELECT case_id, id FROM outbox
    WHERE bucket = :bucket AND due <= :now AND lease <= :now AND kind IN (:kind...)
    ORDER BY due LIMIT :limit)
RETURNING id, case_id, kind, body, key, due, attempts, error, fence, deaths, holder, lease;

-- name: claim_outbox_of for postgres
-- The same, passing by what others are just taking. Picked first: a sub-select with a limit may be
-- asked more than once.
WITH picked AS MATERIALIZED (
    SELECT case_id, id FROM outbox
    WHERE bucket = :bucket AND due <= :now AND lease <= :now AND kind IN (:kind...)
    ORDER BY due LIMIT :limit FOR UPDATE SKIP LOCKED)
UPDATE outbox t SET lease = :until, holder = :holder, fence = t.fence + 1,
                    deaths = t.deaths + CASE WHEN t.lease > 0 THEN 1 ELSE 0 END
FROM picked p WHERE t.case_id = p.case_id AND t.id = p.id
RETURNING t.id, t.case_id, t.kind, t.body, t.key, t.due, t.attempts, t.error,
          t.fence, t.deaths, t.holder, t.lease;

-- name: due_buckets_outbox_but
-- Buckets in which something is due that nobody has claimed.
SELECT DISTINCT bucket FROM outbox WHERE due <= :now AND lease <= :now AND kind NOT IN (:kind...)
      AND substr(kind, 1, 6) <> 'topic/';

-- name: due_buckets_outbox_but for postgres
-- The same, by one look into the index for each bucket, however much is due.
SELECT b FROM generate_series(0, 63) b WHERE EXISTS (
    SELECT 1 FROM outbox WHERE bucket = b AND due <= :now AND lease <= :now AND kind NOT IN (:kind...)
      AND substr(kind, 1, 6) <> 'topic/');

-- name: claim_outbox_but
-- Take some of a bucket, earliest first. One that was claimed before and never given back has
-- lost its worker.
UPDATE outbox SET lease = :until, holder = :holder, fence = fence + 1,
                  deaths = deaths + CASE WHEN lease > 0 THEN 1 ELSE 0 END
WHERE (case_id, id) IN (
    SELECT case_id, id FROM outbox
    WHERE bucket = :bucket AND due <= :now AND lease <= :now AND kind NOT IN (:kind...)
      AND substr(kind, 1, 6) <> 'topic/'
    ORDER BY due LIMIT :limit)
RETURNING id, case_id, kind, body, key, due, attempts, error, fence, deaths, holder, lease;

-- name: claim_outbox_but for postgres
-- The same, passing by what others are just taking. Picked first: a sub-select with a limit may be
-- asked more than once.
WITH picked AS MATERIALIZED (
    SELECT case_id, id FROM outbox
    WHERE bucket = :bucket AND due <= :now AND lease <= :now AND kind NOT IN (:kind...)
      AND substr(kind, 1, 6) <> 'topic/'
    ORDER BY due LIMIT :limit FOR UPDATE SKIP LOCKED)
UPDATE outbox t SET lease = :until, holder = :holder, fence = t.fence + 1,
                    deaths = t.deaths + CASE WHEN t.lease > 0 THEN 1 ELSE 0 END
FROM picked p WHERE t.case_id = p.case_id AND t.id = p.id
RETURNING t.id, t.case_id, t.kind, t.body, t.key, t.due, t.attempts, t.error,
          t.fence, t.deaths, t.holder, t.lease;

-- name: lease_outbox
-- Keep it longer, or give it back (0); not when somebody else has it now.
UPDATE outbox SET lease = :until
WHERE case_id = :case AND id = :id AND fence = :fence AND lease > 0;
