"""Deployed decisions and their versions, and what was decided."""

from typing import Any

from genba.journal.contract import Journal, NewEntry


def test_decisions_have_versions_of_their_own(journal: Journal, make: Any) -> None:
    with journal.writing() as tx:
        tx.deploy(make.deployment("d0"), [("limits", "A process of that key")])
        first = tx.deploy_decisions(make.deployment("d1"), [("limits", "Limits"), ("b", "Bids")])
        assert [(row.key, row.version) for row in first] == [("b", 1), ("limits", 1)]
        second = tx.deploy_decisions(make.deployment("d2"), [("limits", "Purchase limits")])
        assert [(row.key, row.version) for row in second] == [("limits", 2)]
        assert tx.deploy_decisions(make.deployment("d1"), [("b", "Other")]) == first
    with journal.reading() as read:
        assert [(row.name, row.version) for row in read.decisions()] == [
            ("Bids", 1),
            ("Purchase limits", 2),
        ]
        assert [row.version for row in read.decision_versions("limits")] == [2, 1]
        assert [row.version for row in read.versions("limits")] == [1]
        assert read.decision_versions("nothing") == []


def test_what_was_decided_comes_newest_first(journal: Journal, make: Any) -> None:
    made = [NewEntry("decision-made", b'{"key":"%d"}' % number) for number in range(3)]
    with journal.writing() as tx:
        row = tx.create_case(make.case())
        mixed = [*make.entries(1), *made, *make.entries(1)]
        written = tx.append(row, expected=0, entries=mixed, envelope=make.envelope())
    with journal.reading() as read:
        assert read.decisions_made() == written[3:0:-1]
        assert read.decisions_made(limit=1) == written[3:4]
