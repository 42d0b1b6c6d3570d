-- Step 8 on PostgreSQL: where a work stands among others that wait (`engine/urgency.py`), kept with who
-- may take it, so that the front of a queue is read from an index however long the queue is. What
-- somebody has, or has put off, stands behind everything. The index does also what it replaces did.

ALTER TABLE works ADD COLUMN delay TEXT NOT NULL DEFAULT '';
ALTER TABLE works ADD COLUMN rank BIGINT;
ALTER TABLE candidates ADD COLUMN rank BIGINT NOT NULL DEFAULT 0;
UPDATE works SET rank = CASE WHEN due = 9223372036854775807 THEN opened_at + 864000000000
                             ELSE due END - (priority - 50) * 17280000000
WHERE closed_at IS NULL;
UPDATE candidates SET rank = (
    SELECT CASE WHEN w.assignee = '' AND w.later IS NULL THEN w.rank
                ELSE 9223372036854775807 END
    FROM works w WHERE w.case_id = candidates.case_id AND w.work = candidates.work);
CREATE INDEX candidates_rank ON candidates (who, rank, case_id, work);
DROP INDEX candidates_who;
