-- Step 9 on PostgreSQL: titles of cases, what was said and what is in files can be found by their
-- words. Triggers keep the index, so that it is filled and emptied in the transaction that writes,
-- also by a release that does not know it.

CREATE TABLE findable (
    case_id TEXT NOT NULL,
    part TEXT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (case_id, part)
);
CREATE INDEX findable_words ON findable USING gin (words);

-- Words without accents and marks between them, as the index on SQLite has them.
CREATE FUNCTION journal_words(said TEXT) RETURNS TSVECTOR
LANGUAGE sql IMMUTABLE AS
$$ SELECT to_tsvector('simple', regexp_replace(regexp_replace(
    lower(normalize(left(said, 200000), NFKD)), '[\u0300-\u036F]', '', 'g'),
    '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u2000-\u206F\u3000-\u303F]+',
    ' ', 'g')) $$;

-- What a file says; nothing where it is no text after all, or too much of it.
CREATE FUNCTION journal_file_words(name TEXT, media_type TEXT, body BYTEA) RETURNS TSVECTOR
LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN
    IF media_type LIKE 'text/%' OR media_type IN ('application/json', 'application/xml') THEN
        RETURN journal_words(name || ' ' || convert_from(body, 'UTF8'));
    END IF;
    RETURN journal_words(name);
EXCEPTION WHEN OTHERS THEN
    RETURN journal_words(name);
END $$;

CREATE FUNCTION journal_find_case() RETURNS TRIGGER
LANGUAGE plpgsql AS
$$ BEGIN
    INSERT INTO findable (case_id, part, words)
    VALUES (new.case_id, 'case', journal_words(new.title))
    ON CONFLICT (case_id, part) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER case_found AFTER INSERT ON cases
FOR EACH ROW EXECUTE FUNCTION journal_find_case();
CREATE TRIGGER case_found_again AFTER UPDATE OF title ON cases
FOR EACH ROW WHEN (new.title <> old.title) EXECUTE FUNCTION journal_find_case();

CREATE FUNCTION journal_find_content() RETURNS TRIGGER
LANGUAGE plpgsql AS
$$ BEGIN
    IF new.erased = 1 THEN
        DELETE FROM findable WHERE case_id = new.case_id AND part = 'content/' || new.id;
    ELSIF new.kind = 'words' THEN
        INSERT INTO findable (case_id, part, words)
        VALUES (new.case_id, 'content/' || new.id,
                journal_words(new.name || ' ' || convert_from(new.body, 'UTF8')))
        ON CONFLICT (case_id, part) DO NOTHING;
    ELSE
        INSERT INTO findable (case_id, part, words)
        VALUES (new.case_id, 'content/' || new.id,
                journal_file_words(new.name, new.media_type, new.body))
        ON CONFLICT (case_id, part) DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER content_found AFTER INSERT ON contents
FOR EACH ROW EXECUTE FUNCTION journal_find_content();
CREATE TRIGGER content_forgotten AFTER UPDATE OF erased ON contents
FOR EACH ROW EXECUTE FUNCTION journal_find_content();

INSERT INTO findable (case_id, part, words)
SELECT case_id, 'case', journal_words(title) FROM cases ORDER BY number;
INSERT INTO findable (case_id, part, words)
SELECT case_id, 'content/' || id, CASE
    WHEN kind = 'words' THEN journal_words(name || ' ' || convert_from(body, 'UTF8'))
    ELSE journal_file_words(name, media_type, body) END
FROM contents WHERE erased = 0 ORDER BY case_id, ordinal;

-- Tasks are found by what they are called: few titles, many tasks.
CREATE INDEX works_title ON works (title, opened_at) WHERE closed_at IS NULL;
