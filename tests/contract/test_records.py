"""Deployments, outbox, timers, subscriptions, tokens, contents, followers, answers, attempts."""

from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import CaseQuery, Conflict, Journal
from genba.journal.records import Attempt, CaseId, Content, SubscriptionRow, TimerRow

C1 = CaseId("c1")


def test_versions_count_per_process(journal: Journal, make: Any) -> None:
    with journal.writing() as tx:
        first = tx.deploy(make.deployment("d1"), [("b", "Buying"), ("a", "Asking")])
        assert [(row.key, row.version) for row in first] == [("a", 1), ("b", 1)]
        second = tx.deploy(make.deployment("d2"), [("b", "Buying well")])
        assert [(row.key, row.version, row.name) for row in second] == [("b", 2, "Buying well")]
        assert tx.deploy(make.deployment("d1"), [("b", "Other")]) == first
    with journal.reading() as read:
        assert [(row.key, row.version) for row in read.processes()] == [("a", 1), ("b", 2)]
        assert [row.version for row in read.versions("b")] == [2, 1]
        assert read.process_version("b", 1) == first[1]
        assert read.process_version("b", 3) is None
        assert read.deployment("d2") == make.deployment("d2")
        assert read.deployment("d3") is None


def test_an_outbox_key_is_kept_once(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.post(C1, [make.outbox("a", 5), make.outbox("a", 1), make.outbox("b", 2)])
        tx.post(C1, [replace(make.outbox("a", 1), body=b"other")])
        tx.post(CaseId(""), [make.outbox("a", 9)])
    with journal.reading() as read:
        rows = read.due_outbox(make.at(9))
        assert [(row.case, row.key, row.due) for row in rows] == [
            ("c1", "b", make.at(2)),
            ("c1", "a", make.at(5)),
            ("", "a", make.at(9)),
        ]
        assert {row.body for row in rows} == {b"{}"}
        assert [row.key for row in read.due_outbox(make.at(4))] == ["b"]
        assert len(read.due_outbox(make.at(9), limit=2)) == 2
        assert read.due_outbox(make.at(9), only=("card", "mail")) == rows
        assert read.due_outbox(make.at(9), but=("mail",)) == rows
        assert read.due_outbox(make.at(9), only=("mail",)) == []
        assert read.due_outbox(make.at(9), but=("card",)) == []
        assert read.outbox(C1) == rows[:2]
        assert read.outbox(CaseId("")) == rows[2:]
        assert read.outbox(CaseId("c9")) == []


def test_outbox_rows_are_settled_or_postponed(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.post(C1, [make.outbox("a"), make.outbox("b")])
        first, second = tx.due_outbox(make.at())
        tx.settle(first)
        tx.settle(first)
        tx.postpone(second, due=make.at(3), error="the server is away")
    with journal.writing() as tx:
        (row,) = tx.due_outbox(make.at(3))
        assert (row.key, row.attempts, row.error) == ("b", 1, "the server is away")
        assert tx.due_outbox(make.at(2)) == []
        tx.postpone(row, due=make.at(9), error="still")
    with journal.reading() as read:
        assert read.due_outbox(make.at(9))[0].attempts == 2


def test_a_stale_row_settles_nothing(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.post(C1, [make.outbox("x"), make.outbox("a")])
        stale = next(row for row in tx.due_outbox(make.at()) if row.key == "x")
        tx.settle(stale)
        tx.post(C1, [make.outbox("x", 1)])
        tx.settle(stale)
        tx.postpone(stale, due=make.at(5), error="no")
        assert sorted(row.key for row in tx.due_outbox(make.at(1))) == ["a", "x"]


def test_timers_are_set_again_and_dropped(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.set_timer(TimerRow(case=C1, timer="t1", due=make.at(5)))
        tx.set_timer(TimerRow(case=C1, timer="t2", due=make.at(4)))
        tx.set_timer(TimerRow(case=C1, timer="t1", due=make.at(3)))
        assert [row.timer for row in tx.due_timers(make.at(5))] == ["t1", "t2"]
        assert [row.timer for row in tx.due_timers(make.at(5), limit=1)] == ["t1"]
        tx.drop_timer(C1, "t1")
        tx.drop_timer(C1, "t1")
        assert [row.timer for row in tx.timers(C1)] == ["t2"]


def test_subscribers_by_name_and_key(journal: Journal, make: Any) -> None:
    for case in ("c1", "c2"):
        make.put(journal, case)
    with journal.writing() as tx:
        for case, id, name, key in (
            ("c1", "s1", "Offer", "42"),
            ("c1", "s2", "Offer", ""),
            ("c2", "s1", "Offer", "43"),
            ("c2", "s2", "Refusal", ""),
        ):
            row = SubscriptionRow(
                case=CaseId(case), subscription=id, kind="message", name=name, node="n", key=key
            )
            tx.subscribe(row)

        def ids(rows: list[SubscriptionRow]) -> list[tuple[str, str]]:
            return [(row.case, row.subscription) for row in rows]

        assert ids(tx.subscribers("message", "Offer")) == [("c1", "s1"), ("c1", "s2"), ("c2", "s1")]
        assert ids(tx.subscribers("message", "Offer", "43")) == [("c1", "s2"), ("c2", "s1")]
        assert tx.subscribers("signal", "Offer") == []
        tx.unsubscribe(C1, "s2")
        assert ids(tx.subscribers("message", "Offer", "43")) == [("c2", "s1")]


def test_tokens_are_found_by_hash_and_revoked_by_person(journal: Journal, make: Any) -> None:
    with journal.writing() as tx:
        tx.put_token(make.token("h1"))
        tx.put_token(make.token("h2", "8"))
        assert tx.revoke_tokens("7") == 1
        assert tx.revoke_tokens("7") == 0
    with journal.reading() as read:
        assert read.token("h1") == make.token("h1", revoked=True)
        assert read.token("h2") == make.token("h2", "8")
        assert read.token("h3") is None


def test_contents_come_in_order_and_can_be_erased(journal: Journal, make: Any) -> None:
    make.put(journal)
    file = Content(case=C1, id="a", kind="file", name="offer.pdf", size=3, body=b"\x00\xff\x01")
    with journal.writing() as tx:
        tx.put_content(make.words("z", "First"))
        tx.put_content(file)
        tx.put_content(make.words("b", "Last"))
    with journal.writing() as tx:
        assert [row.id for row in tx.contents(C1)] == ["z", "a", "b"]
        assert tx.contents(C1)[1] == replace(file, body=b"")
        assert tx.content(C1, "a") == file
        tx.erase_content(C1, "a")
        erased = replace(file, body=b"", name="", size=0, erased=True)
        assert tx.content(C1, "a") == erased
        assert [row.id for row in tx.contents(C1)] == ["z", "a", "b"]
        assert tx.content(C1, "none") is None


def test_following_is_once(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        for person in ("8", "7", "8"):
            tx.follow(C1, person)
        assert tx.followers(C1) == ["7", "8"]
        tx.follow(CaseId("decision:d"), "8")
        assert (tx.followed("7"), tx.followed("8")) == ([C1], [C1, "decision:d"])
        assert tx.followed("9") == []
        tx.unfollow(C1, "7")
        tx.unfollow(C1, "7")
        assert tx.followers(C1) == ["8"]


def test_a_command_has_one_answer(journal: Journal, make: Any) -> None:
    with journal.writing() as tx:
        tx.remember(make.answer("k1"))
    with pytest.raises(Conflict), journal.writing() as tx:
        tx.remember(replace(make.answer("k1"), body=b"other"))
    with journal.reading() as read:
        assert read.answer("k1") == make.answer("k1")
        assert read.answer("k2") is None


def test_attempts_are_listed_latest_first(journal: Journal, make: Any) -> None:
    with journal.writing() as tx:
        for number in range(3):
            tx.note_attempt(
                Attempt(
                    at=make.at(number),
                    channel="mail",
                    identity="mailto:a@example.org",
                    person="7",
                    object="task",
                    object_id=f"c1:w{number}",
                    act="task.approve",
                    outcome="gone",
                )
            )
    with journal.reading() as read:
        assert [row.object_id for row in read.attempts(2)] == ["c1:w2", "c1:w1"]


def test_cases_are_listed_newest_first(journal: Journal, make: Any) -> None:
    make.put(journal, "c1", process="a", started_by="8")
    make.put(journal, "c2", process="b", status="completed", parent="c1")
    make.put(journal, "c3", process="a", collaboration="k-c1")
    with journal.writing() as tx:
        tx.open_work(make.work("c1", assignee="9"))
        tx.follow(CaseId("c2"), "9")

    def ids(**given: Any) -> list[str]:
        with journal.reading() as read:
            found = read.cases(CaseQuery(**given))
            assert all(row.state == b"" for row in found)
            unpaged = {name: value for name, value in given.items() if name != "limit"}
            if "limit" not in given and "after" not in given:
                assert read.count_cases(CaseQuery(**unpaged)) == len(found)
            return [row.case for row in found]

    assert ids() == ["c3", "c2", "c1"]
    assert ids(limit=1, after=1) == ["c2"]
    assert ids(process="a") == ["c3", "c1"]
    assert ids(status="completed") == ["c2"]
    assert ids(collaboration="k-c1") == ["c3", "c1"]
    assert ids(collaboration="k-c1", process="b") == []
    assert ids(parent="c1") == ["c2"]
    assert ids(person="7") == ["c3", "c2"]
    assert ids(person="8") == ["c1"]
    assert ids(person="9") == ["c2", "c1"]
    assert ids(person="9", process="a") == ["c1"]
