-- Step 6 on PostgreSQL: who claimed a row, where the claim has a name: a worker of another system.

ALTER TABLE outbox ADD COLUMN holder TEXT NOT NULL DEFAULT '';
