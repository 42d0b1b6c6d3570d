"""How the journal is spread over the shards of Citus.

Rules of this file: which table goes where, and why it may; statements only, nothing is run. Every
table of a case is distributed by its case id and colocated with `cases`, so that an act is one
transaction on one shard; so is every table of a stream by the stream's id, which the log calls
case id too. What everybody reads is copied to every node; what belongs to no case is
distributed by its own key. Positions in the log come from the coordinator: all processes connect
there.
"""

CASE_TABLES = (
    "cases",
    "log",
    "works",
    "candidates",
    "timers",
    "subscriptions",
    "outbox",
    "contents",
    "followers",
    "findable",
)
STREAM_TABLES = ("streams", "stream_marks")
EVERYWHERE = ("deployments", "process_versions", "decision_versions", "log_epoch", "journal_shape")
BY_OWN_KEY = {"answers": "key", "tokens": "hash", "attempts": "id"}


def statements() -> list[str]:
    """What the owner of the database runs on the coordinator, once, before the first case."""
    return [
        "CREATE EXTENSION IF NOT EXISTS citus;",
        "SET citus.enable_unsafe_triggers TO on;  -- the log refuses to be changed on every shard",
        *(f"SELECT create_reference_table('{table}');" for table in EVERYWHERE),
        "SELECT create_distributed_table('cases', 'case_id');",
        *(
            f"SELECT create_distributed_table('{table}', 'case_id', colocate_with => 'cases');"
            for table in CASE_TABLES[1:]
        ),
        *(
            f"SELECT create_distributed_table('{table}', 'stream_id', colocate_with => 'cases');"
            for table in STREAM_TABLES
        ),
        *(
            f"SELECT create_distributed_table('{table}', '{key}', colocate_with => 'none');"
            for table, key in BY_OWN_KEY.items()
        ),
        *(
            f"SELECT create_distributed_function('{function}');"
            for function in (
                "journal_must(bigint, text, text)",
                "journal_words(text)",
                "journal_file_words(text, text, bytea)",
            )
        ),
    ]
