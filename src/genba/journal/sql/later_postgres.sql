-- Step 7 on PostgreSQL: until when a work is put off; NULL where it is not.

ALTER TABLE works ADD COLUMN later BIGINT;
