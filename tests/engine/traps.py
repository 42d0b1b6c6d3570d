"""Where other engines went wrong: the traps by name, in the order they were found.

Rules of this file: names only. A test of a trap is marked with its name,
`@pytest.mark.trap("…")`; `pytest -m trap` runs them all, wherever they are.
"""

TRAPS: tuple[str, ...] = (
    "an OR-join that decides on arrival only",
    "an OR-join that waits for a token on its way to a marked flow",
    "a join that counts flows in a scope that counts tokens",
    "an AND-join that counts arrivals",
    "an AND-join that opens early behind a merge",
    "an event sub-process that leaves tokens parked at a join",
    "an event sub-process that shuts the boundary of its scope",
    "two boundaries that interrupt together",
    "a thrower that goes on after its own throw",
    "a multi-instance body that ends, fails or collects wrongly",
    "a multi-instance list that is written anew each time",
    "compensation in another order, twice, or with other data",
    "a cycle that drifts or fires double",
    "a timer start that begins anew with each deployment",
    "a message that is given twice, lost, or guessed",
    "a conflict that repeats an effect",
    "branches that overwrite each other's data",
    "a migration that loses tokens, messages or timers",
    "an expression that stops the engine",
    "an element that is ignored in silence",
)
