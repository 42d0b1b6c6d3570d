-- Since which shape a release can work on these tables; see `journal/shapes.py`.
ALTER TABLE journal_shape ADD COLUMN compatible_from INTEGER NOT NULL DEFAULT 0;
