"""Works asked otherwise, and the cases of a version, on every store."""

import pytest

from genba.journal.contract import InboxQuery, Journal
from tests.contract.conftest import Records


def test_a_revised_work_is_the_same_work_for_other_people(journal: Journal, make: Records) -> None:
    with journal.writing() as tx:
        tx.create_case(make.case())
        tx.open_work(make.work())
        tx.revise_work(make.work(title="Check", node="n2", role="Clerks", opened_at=make.at(5)))
    with journal.reading() as reading:
        (row,) = reading.works(make.case().case)
        assert (row.title, row.node, row.role) == ("Check", "n2", "Clerks")
        assert row.opened_at == make.at(), "when it was opened does not change"
        for group, count in (("Buyers", 0), ("Clerks", 1)):
            asked = InboxQuery(person="9", groups=(group,), view="groups", now=make.at())
            assert len(reading.inbox(asked)) == count


def test_a_closed_work_may_be_open_again(journal: Journal, make: Records) -> None:
    with journal.writing() as tx:
        tx.create_case(make.case())
        tx.open_work(make.work())
        tx.close_work(
            make.case().case, "w1", at=make.at(1), by="7", outcome="cancelled", channel="web"
        )
        tx.revise_work(make.work())
    with journal.reading() as reading:
        assert [row.closed_at for row in reading.works(make.case().case)] == [None]
        asked = InboxQuery(person="9", groups=("Buyers",), view="groups", now=make.at())
        assert len(reading.inbox(asked)) == 1


def test_a_work_that_never_was_cannot_be_revised(journal: Journal, make: Records) -> None:
    with journal.writing() as tx:
        tx.create_case(make.case())
    with pytest.raises(LookupError), journal.writing() as tx:
        tx.revise_work(make.work())


def test_the_cases_that_run_in_a_version(journal: Journal, make: Records) -> None:
    with journal.writing() as tx:
        for number in range(5):
            tx.create_case(make.case(f"c{number}", version=1 + number % 2))
        tx.create_case(make.case("ended", status="completed"))
        tx.create_case(make.case("other", process="else"))
    with journal.reading() as reading:
        assert reading.running_versions("purchase") == [(1, 3), (2, 2)]
        first = reading.running_in("purchase", 1, limit=2)
        assert [row.case for row in first] == ["c0", "c2"]
        assert first[0].state == b"{}"
        assert [row.case for row in reading.running_in("purchase", 1, after="c2")] == ["c4"]
