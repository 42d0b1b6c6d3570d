"""`genba shard`: what spreads an installation over several database servers.

Rules of this file: prints; whoever owns the database runs it.
"""


def shard() -> int:
    """Print the statements that spread the journal over the shards of Citus.

    They are run on the coordinator, in the database of the installation, before the first case.
    """
    from genba.journal.sharding import statements

    print("\n".join(statements()))
    return 0
