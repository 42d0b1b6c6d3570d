-- Step 3 on PostgreSQL: who does what is due. `lease` is until when it is claimed (0: it is not),
-- `fence` counts the claims, `deaths` those that ended without a word, `incident` is the work that
-- asks about a row nobody tries any more.

ALTER TABLE outbox ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN deaths BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN incident TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;
ALTER TABLE timers ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE timers ADD COLUMN deaths BIGINT NOT NULL DEFAULT 0;
