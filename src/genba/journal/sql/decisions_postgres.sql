-- Step 2 on PostgreSQL: decisions have versions, as processes do, and what was decided is found
-- fast.

CREATE TABLE decision_versions (
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    deployment TEXT NOT NULL REFERENCES deployments (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (key, version)
);
CREATE INDEX decision_versions_deployment ON decision_versions (deployment);
CREATE INDEX log_decisions ON log (position) WHERE type = 'decision-made';
