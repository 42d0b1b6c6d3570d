-- Step 10 on SQLite: what is overdue and nobody has, of works that are due at all.

CREATE INDEX works_due ON works (due)
WHERE closed_at IS NULL AND assignee = '' AND due < 9223372036854775807;
