-- Step 9 on SQLite: titles of cases, what was said and what is in files can be found by their words.
-- Whoever writes fills and empties the index in the same transaction (`sqlite_writing`): triggers may
-- not touch it, as the schema is not trusted. The index keeps no text: what is erased is taken out of
-- it by the words it was found by. `findable` says what a row of the index is.

CREATE TABLE findable (
    id INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL,
    part TEXT NOT NULL,
    UNIQUE (case_id, part)
) STRICT;
CREATE VIRTUAL TABLE found_words USING fts5 (
    words, content = '', tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO findable (case_id, part) SELECT case_id, 'case' FROM cases ORDER BY number;
INSERT INTO found_words (rowid, words)
SELECT f.id, c.title FROM findable f JOIN cases c ON c.case_id = f.case_id;
INSERT INTO findable (case_id, part)
SELECT case_id, 'content/' || id FROM contents WHERE erased = 0 ORDER BY case_id, ordinal;
INSERT INTO found_words (rowid, words)
SELECT f.id, c.name || ' ' || CASE
    WHEN c.kind = 'words' OR c.media_type LIKE 'text/%'
         OR c.media_type IN ('application/json', 'application/xml')
    THEN substr(CAST(c.body AS TEXT), 1, 200000) ELSE '' END
FROM contents c JOIN findable f ON f.case_id = c.case_id AND f.part = 'content/' || c.id;

-- Tasks are found by what they are called: few titles, many tasks.
CREATE INDEX works_title ON works (title, opened_at) WHERE closed_at IS NULL;
