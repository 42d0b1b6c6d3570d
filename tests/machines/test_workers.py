"""Workers by Genba's own words: locks, what came of a job, and that it counts once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest


def test_a_worker_does_a_job(
    inst: Any, worker: Any, charge: Any, open_at: Any, knows: Any, people: Any
) -> None:
    case = charge(amount=12)
    assert open_at(case) == [("charge", "job")]
    (job,) = worker.fetch()
    assert (job["case"], job["topic"], job["input"]) == (case, "charge-card", {"amount": 12})
    assert (job["attempt"], job["key"], job["step"]) == (1, job["id"], "Charge the card")
    assert worker.fetch(worker="w2") == []
    assert (
        worker.say(job["id"], "complete", data={"receipt": "r1"}, lock=job["lock"]).json()[
            "verdict"
        ]
        == "done"
    )
    assert open_at(case) == [("thank", "task")]
    assert knows(case) == {"amount": 12, "receipt": "r1"}
    with inst.journal.reading() as reading:
        (done,) = [one for one in reading.log(case) if one.type == "work-completed"]
        assert [row for row in reading.outbox(case) if row.key.startswith("job:")] == []
    assert done.envelope.machine
    assert (done.envelope.act, done.envelope.actor) == ("job.complete", people["staff"].id)
    assert worker.say(job["id"], "complete").status_code == 404


def test_the_same_answer_twice_counts_once(worker: Any, charge: Any) -> None:
    charge()
    (job,) = worker.fetch()
    path = f"/api/job/{job['id']}/complete"
    headers = {"Authorization": f"Bearer {worker.secret}", "Idempotency-Key": "k"}
    answers = [
        worker.client.post(path, '{"worker":"w1"}', "application/json", headers=headers)
        for _ in range(2)
    ]
    assert [answer.json()["verdict"] for answer in answers] == ["done", "replayed"]


def test_a_worker_sees_its_topics_only(
    worker: Any, charge: Any, token: Any, program: Any, people: Any, browse: Any
) -> None:
    charge()
    (job,) = worker.fetch()
    other = program(token("work:other", "read", name="other"))
    asked = {"worker": "w1", "topics": [{"topic": "charge-card"}]}
    assert other.ask("POST", "/api/jobs/fetch", asked).status_code == 403
    assert other.ask("GET", f"/api/job/{job['id']}").status_code == 404
    for act in ("complete", "fail", "raise-error"):
        given = {"code": "X"} if act == "raise-error" else {}
        assert other.say(job["id"], act, **given).status_code == 404
    for act in ("extend", "unlock"):
        path = f"/api/jobs/{job['id']}/{act}"
        assert other.ask("POST", path, {"worker": "w1"}).status_code == 404
    assert browse("buyer").get(f"/api/job/{job['id']}").status_code == 404
    assert worker.ask("GET", "/api/cards").status_code == 403
    assert worker.ask("GET", f"/api/case/{job['case']}").status_code == 403
    card = worker.ask("GET", f"/api/job/{job['id']}").json()
    assert {offer["act"] for offer in card["offers"]} == {
        "job.complete",
        "job.fail",
        "job.raise-error",
    }


def test_who_lost_the_lock_is_not_heard(
    worker: Any, charge: Any, pass_time: Any, knows: Any, open_at: Any
) -> None:
    case = charge()
    (first,) = worker.fetch(seconds=10)
    pass_time(10)
    (second,) = worker.fetch(worker="w2")
    assert second["id"] == first["id"]
    late = worker.say(first["id"], "complete", data={"by": "late"})
    assert late.status_code == 409
    again = worker.say(first["id"], "complete", worker="w2", lock=first["lock"])
    assert again.status_code == 409  # the same name, but a lock of before
    done = worker.say(first["id"], "complete", worker="w2", lock=second["lock"], data={"by": "w2"})
    assert done.status_code == 200
    assert knows(case)["by"] == "w2"
    assert open_at(case) == [("thank", "task")]


def test_a_lock_is_kept_longer_and_given_back(worker: Any, charge: Any, pass_time: Any) -> None:
    charge()
    (job,) = worker.fetch(seconds=10)
    keep = {"worker": "w1", "seconds": 30, "lock": job["lock"]}
    assert worker.ask("POST", f"/api/jobs/{job['id']}/extend", keep).status_code == 200
    pass_time(20)
    assert worker.fetch(worker="w2") == []
    wrong = {"worker": "w2", "lock": ""}
    assert worker.ask("POST", f"/api/jobs/{job['id']}/unlock", wrong).status_code == 409
    assert worker.ask("POST", f"/api/jobs/{job['id']}/unlock", keep).status_code == 200
    (again,) = worker.fetch(worker="w2")
    assert (again["id"], again["attempt"]) == (job["id"], 1)
    assert worker.say(job["id"], "complete").status_code == 409


def test_what_fails_is_tried_again_later_and_then_asked(
    worker: Any, charge: Any, pass_time: Any, open_at: Any, card: Any, people: Any, inst: Any
) -> None:
    case = charge()
    (job,) = worker.fetch()
    worker.say(job["id"], "fail", message="the bank sleeps", retries=1, wait=60)
    assert worker.fetch() == []
    pass_time(60)
    (again,) = worker.fetch()
    assert (again["attempt"], again["error"], again["key"]) == (2, "the bank sleeps", job["key"])
    worker.say(job["id"], "fail", message="the bank is gone", retries=0)
    pass_time(86_400)
    assert worker.fetch() == []
    assert open_at(case) == [("charge", "job"), ("charge", "incident")]
    with inst.journal.reading() as reading:
        (stuck,) = [one for one in reading.works(case) if one.kind == "incident"]
    shown = card(people["buyer"], "task", f"{case}:{stuck.work}")
    assert "the bank is gone" in shown.note
    (mend,) = [offer for offer in shown.offers if offer.act == "task.mend"]
    assert [choice.value for choice in mend.choices] == ["retry", "by-hand", "go-on"]


@pytest.mark.parametrize(
    ("chosen", "data", "known"),
    [
        ("retry", '{"amount": 5}', {"amount": 5, "receipt": "r"}),
        ("by-hand", '{"receipt": "paper"}', {"amount": 12, "receipt": "paper"}),
        ("go-on", "", {"amount": 12}),
    ],
)
def test_a_person_mends_what_a_worker_could_not_do(
    worker: Any,
    charge: Any,
    do: Any,
    people: Any,
    inst: Any,
    knows: Any,
    open_at: Any,
    chosen: str,
    data: str,
    known: Any,
) -> None:
    case = charge()
    (job,) = worker.fetch()
    worker.say(job["id"], "fail", retries=0)
    with inst.journal.reading() as reading:
        (stuck,) = [one for one in reading.works(case) if one.kind == "incident"]
    given = {"chosen": chosen, "data": data}
    assert do(people["buyer"], "task.mend", f"{case}:{stuck.work}", **given).ok
    found = worker.fetch()
    assert bool(found) == (chosen == "retry")
    for one in found:
        worker.say(one["id"], "complete", data={"receipt": "r"})
    assert open_at(case) == [("thank", "task")]
    assert knows(case) == known


def test_without_a_number_it_is_tried_five_times(
    worker: Any, charge: Any, pass_time: Any, open_at: Any
) -> None:
    case = charge()
    tries = 0
    while found := worker.fetch():
        tries += 1
        worker.say(found[0]["id"], "fail", message="no")
        pass_time(3600)
    assert tries == 6
    assert open_at(case)[-1] == ("charge", "incident")


def test_an_error_of_the_drawing_is_caught_there(
    worker: Any, charge: Any, open_at: Any, knows: Any
) -> None:
    case = charge()
    (job,) = worker.fetch()
    given = {"code": "DECLINED", "data": {"why": "no money"}}
    assert worker.say(job["id"], "raise-error", **given).status_code == 200
    assert open_at(case) == [("call", "task")]
    assert knows(case)["why"] == "no money"


def test_a_worker_that_died_three_times_is_no_fourth_try(
    worker: Any, charge: Any, pass_time: Any, open_at: Any
) -> None:
    case = charge()
    for _ in range(3):
        assert len(worker.fetch(seconds=5)) == 1
        pass_time(5)
    assert worker.fetch() == []
    assert open_at(case) == [("charge", "job"), ("charge", "incident")]


def test_a_lock_survives_a_restart(
    inst: Any, worker: Any, charge: Any, tmp_path: Any, open_at: Any
) -> None:
    from genba.runtime import installation

    case = charge()
    (job,) = worker.fetch()
    inst.journal.close()
    fresh = installation.open_installation(tmp_path)
    inst.journal, fresh.clock = fresh.journal, inst.clock
    assert worker.fetch(worker="w2") == []
    assert worker.say(job["id"], "complete", lock=job["lock"]).status_code == 200
    assert open_at(case) == [("thank", "task")]


def test_many_workers_get_each_job_once(inst: Any, charge: Any) -> None:
    from genba.runtime.leases import Wanted, fetch

    cases = {charge() for _ in range(20)}
    wanted = (Wanted(topic="charge-card", seconds=60),)

    def ask(number: int) -> list[str]:
        found: list[str] = []
        while jobs := fetch(inst, wanted, f"w{number}", 2, "7"):
            found += [job.asked.case.case for job in jobs]
        return found

    with ThreadPoolExecutor(4) as pool:
        got = [case for found in pool.map(ask, range(4)) for case in found]
    assert sorted(got) == sorted(cases)


def test_a_person_who_takes_the_job_takes_it_from_the_worker(
    worker: Any, charge: Any, do: Any, people: Any, open_at: Any
) -> None:
    case = charge()
    (job,) = worker.fetch()
    assert do(people["buyer"], "task.claim", job["id"]).ok
    assert worker.say(job["id"], "complete").status_code == 404
    assert do(people["buyer"], "task.complete", job["id"]).ok
    assert open_at(case) == [("thank", "task")]


def test_before_anybody_asks_for_a_topic_a_person_is_asked(
    deploy: Any, inst: Any, people: Any, worker: Any, open_at: Any
) -> None:
    from genba.journal.records import Envelope
    from genba.runtime.unit import open_unit

    deploy("charging")
    with open_unit(inst, Envelope(at=inst.clock.now())) as unit:
        case = str(unit.start_case("charging").row.case)
    assert ("charge", "task") in open_at(case)
    (job,) = worker.fetch()  # and the first worker takes it over
    assert worker.say(job["id"], "complete").status_code == 200
    assert open_at(case) == [("thank", "task")]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"worker": "", "topics": [{"topic": "a"}]},
        {"worker": "w", "topics": []},
        {"worker": "w", "topics": [{"topic": "charge-card", "seconds": -1}]},
        {"worker": "w", "topics": [{"topic": "charge-card"}], "wait": 1e9},
        {"worker": "w", "topics": [{"topic": "charge-card", "where": "x"}]},
        [],
    ],
)
def test_what_cannot_be_read_is_said(worker: Any, asked: Any) -> None:
    answer = worker.ask("POST", "/api/jobs/fetch", asked)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_job_of_another_process_is_left_alone(worker: Any, charge: Any) -> None:
    charge()
    topics = [{"topic": "charge-card", "process": "other"}]
    asked = {"worker": "w1", "topics": topics}
    assert worker.ask("POST", "/api/jobs/fetch", asked).json() == {"jobs": []}
    for _ in range(3):  # and it has not become a death
        assert worker.ask("POST", "/api/jobs/fetch", asked).json() == {"jobs": []}
    assert len(worker.fetch()) == 1


@pytest.mark.parametrize(
    ("chosen", "left"), [("retry", ["job"]), ("by-hand", ["task"]), ("go-on", ["task"])]
)
def test_a_job_no_worker_takes_is_asked_about_and_waits_on(
    worker: Any,
    charge: Any,
    do: Any,
    people: Any,
    inst: Any,
    pass_time: Any,
    open_at: Any,
    card: Any,
    chosen: str,
    left: list[str],
) -> None:
    from genba.runtime.loop import Loop

    case, loop = charge(), Loop(inst)
    loop.drain()
    assert [kind for _node, kind in open_at(case)] == ["job"]
    pass_time(3700)
    loop.drain()
    loop.drain()
    assert [kind for _node, kind in open_at(case)] == ["job", "incident"]
    with inst.journal.reading() as reading:
        (asked,) = [one for one in reading.works(case) if one.kind == "incident"]
    assert "charge-card" in card(people["buyer"], "task", f"{case}:{asked.work}").note
    pass_time(3700)
    loop.drain()
    assert [kind for _node, kind in open_at(case)] == ["job", "incident"], "asked once"
    assert do(people["buyer"], "task.mend", f"{case}:{asked.work}", chosen=chosen).ok
    loop.drain()
    assert [kind for _node, kind in open_at(case)] == left
    if chosen == "retry":
        pass_time(3700)
        loop.drain()
        assert [kind for _node, kind in open_at(case)] == ["job", "incident"], "and again"
        (job,) = worker.fetch()
        assert worker.say(job["id"], "complete").status_code == 200
        assert [kind for _node, kind in open_at(case)] == ["task"], "nobody is asked any more"


def test_a_job_a_worker_has_is_not_asked_about(
    worker: Any, charge: Any, inst: Any, pass_time: Any, open_at: Any
) -> None:
    from genba.runtime.loop import Loop

    case = charge()
    assert worker.fetch(seconds=7200)
    pass_time(3700)
    Loop(inst).drain()
    assert [kind for _node, kind in open_at(case)] == ["job"]
    inst.patience = None
    pass_time(36_000)
    Loop(inst).drain()
    assert [kind for _node, kind in open_at(case)] == ["job"]
