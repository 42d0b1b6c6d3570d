"""Works: who may see them, in which order, how many."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from genba.journal.contract import InboxQuery, Journal, Transaction
from genba.journal.memory import MemoryJournal
from genba.journal.records import CaseId, Content
from genba.journal.sqlite import SqliteJournal

C1 = CaseId("c1")


def seen(journal: Journal, query: InboxQuery) -> list[str]:
    with journal.reading() as read:
        return [row.work.work for row in read.inbox(query)]


def test_in_the_order_of_ranks_and_what_is_overdue_soonest_due_first(
    journal: Journal, make: Any
) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.open_work(make.work(work="none-late", opened_at=make.at(2)))
        tx.open_work(make.work(work="none-early", opened_at=make.at(1)))
        tx.open_work(make.work(work="due-late", due=make.at(90)))
        tx.open_work(make.work(work="due-soon-low", due=make.at(60), priority=10))
        tx.open_work(make.work(work="due-soon-high", due=make.at(60), priority=90))
    query = InboxQuery(person="7", groups=("Buyers",), now=make.at(61))
    order = ["due-soon-high", "due-late", "due-soon-low", "none-early", "none-late"]
    assert seen(journal, query) == order
    assert seen(journal, replace(query, limit=2, after=1)) == order[1:3]
    assert seen(journal, replace(query, view="overdue")) == ["due-soon-high", "due-soon-low"]
    assert seen(journal, replace(query, view="overdue", now=make.at(60))) == []


def test_whose_works_they_are(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.open_work(make.work(work="role"))
        tx.open_work(make.work(work="group", role="", groups=("Buyers", "Clerks")))
        tx.open_work(make.work(work="named", role="", users=("7", "8")))
        tx.open_work(make.work(work="mine", assignee="7"))
        tx.open_work(make.work(work="hers", assignee="8"))
        tx.open_work(make.work(work="other", role="Painters"))
    query = InboxQuery(person="7", groups=("Buyers", "Clerks"), now=make.at())
    assert set(seen(journal, query)) == {"role", "group", "named", "mine"}
    assert seen(journal, replace(query, view="mine")) == ["mine"]
    assert set(seen(journal, replace(query, view="groups"))) == {"role", "group", "named"}
    assert seen(journal, replace(query, person="9", groups=())) == []
    named = replace(query, person="9", names=("8",), groups=())
    assert set(seen(journal, named)) == {"named", "hers"}
    assert seen(journal, replace(named, view="mine")) == ["hers"]
    assert seen(journal, replace(named, view="groups")) == ["named"]
    assert seen(journal, replace(query, person="", groups=(), view="mine")) == []
    with journal.reading() as read:
        assert read.inbox_counts(query) == {
            "mine": 1,
            "groups": 3,
            "all": 4,
            "overdue": 0,
            "later": 0,
            "done": 0,
        }


def test_a_work_moves_through_the_inboxes(journal: Journal, make: Any) -> None:
    make.put(journal)
    me = InboxQuery(person="7", groups=("Buyers",), now=make.at())
    with journal.writing() as tx:
        tx.open_work(make.work())
        tx.assign_work(C1, "w1", "7")
    assert seen(journal, replace(me, view="mine")) == ["w1"]
    assert seen(journal, replace(me, person="8")) == []
    with journal.writing() as tx:
        tx.assign_work(C1, "w1", "")
    assert seen(journal, replace(me, person="8")) == ["w1"]
    with journal.writing() as tx:
        tx.close_work(C1, "w1", at=make.at(4), by="7", outcome="completed", channel="mail")
    assert seen(journal, me) == []
    assert seen(journal, replace(me, view="done")) == ["w1"]
    with journal.reading() as read:
        row = read.work(C1, "w1")
        assert row is not None
        closed = (row.closed_at, row.closed_by, row.outcome, row.channel)
        assert closed == (make.at(4), "7", "completed", "mail")
        assert read.works(C1) == []
        assert read.works(C1, open_only=False) == [row]


def test_a_closed_work_is_neither_assigned_nor_closed(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.open_work(make.work())
        tx.close_work(C1, "w1", at=make.at(), by="7", outcome="cancelled", channel="web")
    done = {"at": make.at(), "by": "8", "outcome": "completed", "channel": "web"}
    bugs: list[Callable[[Transaction], None]] = [
        lambda tx: tx.close_work(C1, "w1", **done),
        lambda tx: tx.assign_work(C1, "w1", "8"),
        lambda tx: tx.assign_work(C1, "w9", "8"),
        lambda tx: tx.open_work(make.work()),
    ]
    for bug in bugs:
        with pytest.raises(LookupError), journal.writing() as tx:
            bug(tx)
    assert seen(journal, InboxQuery(person="7", view="done", now=make.at())) == []


def test_the_line_shows_the_case_and_its_last_words(journal: Journal, make: Any) -> None:
    make.put(journal)
    query = InboxQuery(person="7", groups=("Buyers",), now=make.at())
    with journal.writing() as tx:
        tx.open_work(make.work())
        tx.put_content(make.words("m1", "Hello\n  there"))
        tx.put_content(make.words("m2", "Not so fast"))
    with journal.reading() as read:
        (row,) = read.inbox(query)
        assert (row.title, row.number, row.process, row.version) == (
            "Title of c1",
            1,
            "purchase",
            1,
        )
        assert row.last_words == "Not so fast"
    with journal.writing() as tx:
        tx.erase_content(C1, "m2")
        assert tx.inbox(query)[0].last_words == "Hello there"


people = st.sampled_from(["", "7", "8"])
works = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["", "Buyers", "Clerks"]),
            "assignee": people,
            "users": st.sampled_from([(), ("7",), ("7", "8")]),
            "groups": st.sampled_from([(), ("Clerks",), ("Buyers", "Clerks")]),
            "due": st.sampled_from([None, 0, 30, 60]),
            "priority": st.integers(0, 2),
            "opened": st.integers(0, 2),
            "closed": st.sampled_from([None, "completed", "cancelled"]),
        }
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=works)
def test_every_store_shows_the_same_inbox(
    rows: list[dict[str, Any]], make: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shown = []
    stores: list[Journal] = [
        MemoryJournal(),
        SqliteJournal(tmp_path_factory.mktemp("inbox") / "g.sqlite3"),
    ]
    for journal in stores:
        make.put(journal)
        with journal.writing() as tx:
            for number, row in enumerate(rows):
                _open(tx, make, f"w{number}", row)
        with journal.reading() as read:
            for groups in ((), ("Buyers",), ("Buyers", "Clerks")):
                query = InboxQuery(person="7", groups=groups, now=make.at(31))
                views = {
                    view: read.inbox(replace(query, view=view))
                    for view in ("mine", "groups", "all", "overdue", "later", "done")
                }
                assert {view: len(found) for view, found in views.items()} == (
                    read.inbox_counts(query)
                )
                shown.append((groups, views))
        journal.close()
    assert shown[:3] == shown[3:]


def _open(tx: Any, make: Any, work: str, row: dict[str, Any]) -> None:
    due = None if row["due"] is None else make.at(row["due"])
    kept = {name: row[name] for name in ("role", "assignee", "users", "groups", "priority")}
    tx.open_work(make.work(work=work, due=due, opened_at=make.at(row["opened"]), **kept))
    if row["closed"]:
        tx.close_work(
            C1, work, at=make.at(row["opened"]), by="7", outcome=row["closed"], channel="web"
        )


def test_what_is_put_off_is_in_a_list_of_its_own(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.open_work(make.work(work="now", due=make.at(5)))
        tx.open_work(make.work(work="next week", due=make.at(5), later=make.at(70)))
        tx.open_work(make.work(work="tomorrow", assignee="7", later=make.at(60)))
    query = InboxQuery(person="7", groups=("Buyers",), now=make.at(61))
    for view in ("all", "groups", "overdue"):
        assert seen(journal, replace(query, view=view)) == ["now"]
    assert seen(journal, replace(query, view="mine")) == []
    assert seen(journal, replace(query, view="later")) == ["tomorrow", "next week"]
    with journal.reading() as read:
        assert read.inbox_counts(query) == {
            "mine": 0, "groups": 1, "all": 1, "overdue": 1, "later": 2, "done": 0,
        }  # fmt: skip
        row = read.work(C1, "tomorrow")
    assert row is not None
    assert row.later == make.at(60)
    with journal.writing() as tx:
        tx.revise_work(replace(row, later=None))
    assert seen(journal, replace(query, view="mine")) == ["tomorrow"]


def test_the_last_words_of_several_cases_at_once(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.open_work(make.work(work="b"))
        tx.put_content(Content(case=C1, id="1", kind="words", body=b"first"))
        tx.put_content(Content(case=C1, id="2", kind="words", body=b"last   words"))
        tx.put_content(Content(case=C1, id="3", kind="words", body=b"gone"))
        tx.erase_content(C1, "3")
    query = InboxQuery(person="7", groups=("Buyers",), now=make.at())
    with journal.reading() as read:
        assert read.last_words([C1, C1, CaseId("nothing")]) == {C1: "last words"}
        assert read.last_words([]) == {}
        assert {row.last_words for row in read.inbox(query)} == {"last words"}
        assert {row.last_words for row in read.inbox(replace(query, bare=True))} == {""}
