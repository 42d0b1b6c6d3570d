"""Filters over the inbox and the cases: with counts, saved for oneself or a team, in REST too."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from genba.cases import filters
from genba.cases.filters import filters_for

Browse = Callable[..., Client]


@pytest.fixture
def lists(started: Callable[..., str], deploy: Callable[[str], None], do: Any, people: Any) -> None:
    """Three purchases and something of another process."""
    for title in ("3 laptops", "2 laptops and a chair", "1 desk"):
        started(title=title)
    deploy("deciding")
    assert do(people["staff"], "process.start", "deciding", title="A laptop machine").ok


def titles(page: str) -> list[str]:
    return re.findall(r'<span class="case">(?:Purchase \d+: )?([^<]*)</span>', page)


def save(do: Any, who: Any, **more: str) -> str:
    outcome = do(who, "person.save-filter", who.id, **{"name": "Laptops", **more})
    assert outcome.ok, outcome
    return str(outcome.message)


def ids(inst: Any, who: Any) -> list[str]:
    with inst.journal.reading() as reading:
        return [one.id for _owner, one in filters_for(who, reading)]


def test_words_process_and_team_narrow_the_inbox(lists: None, browse: Browse) -> None:
    page = browse("buyer")

    def shown(query: str) -> list[str]:
        return sorted(titles(page.get(f"/?{query}").content.decode()))

    everything = shown("")
    assert len(everything) >= 4
    assert shown("words=LAPTOP+chair") == ["2 laptops and a chair"]
    assert shown("process=purchase&words=laptops") == ["2 laptops and a chair", "3 laptops"]
    assert shown("team=Buying&process=purchase&words=desk") == ["1 desk"]
    assert shown("team=Staff") == []
    assert "Nothing here fits the filter." in page.get("/?words=zebra").content.decode()
    assert shown("view=mine&words=laptops") == []


@pytest.mark.parametrize(
    ("role", "save_label"), [("buyer", "Save as a filter"), ("helper", "Enregistrer comme filtre")]
)
def test_a_filter_is_saved_on_the_page_and_used_with_its_count(
    role: str, save_label: str, lists: None, browse: Browse, inst: Any, people: Any
) -> None:
    page = browse(role)
    shown = page.get("/?words=laptops&process=purchase").content.decode()
    form = shown[shown.index('data-act="person.save-filter"') :]
    form = form[: form.index("</form>")]
    assert save_label in form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert fields["words"] == "laptops"
    me = people[role].id
    answer = page.post(f"/acts/person/{me}/person.save-filter", {**fields, "name": "Mine"})
    assert answer.status_code == 303
    (id,) = ids(inst, people[role])
    listed = page.get("/").content.decode()
    assert re.search(rf'href="/\?filter={id}"[^>]*>Mine <b>2</b>', listed)
    assert len(titles(page.get(f"/?filter={id}").content.decode())) == 2
    dropped = page.post(f"/acts/person/{me}/person.drop-filter", {"filter": id, "_key": "x"})
    assert dropped.status_code == 303
    assert ids(inst, people[role]) == []


def test_cases_are_filtered_alike(lists: None, browse: Browse, do: Any, people: Any) -> None:
    page = browse("staff")
    shown = page.get("/cases/?words=laptops").content.decode()
    assert shown.count('id="case-') == 2
    assert page.get("/cases/?process=deciding").content.decode().count('id="case-') == 1
    save(do, people["staff"], place="cases", process="purchase", view="all")
    assert re.search(r">Laptops <b>3</b>", page.get("/cases/").content.decode())


@pytest.mark.security("S15")
def test_a_team_shares_a_filter_and_nobody_else_has_it(
    lists: None, browse: Browse, do: Any, inst: Any, people: Any
) -> None:
    buyer, helper, staff = people["buyer"], people["helper"], people["staff"]
    assert save(do, buyer, words="laptops", share="Buying").endswith("for all of Buying.")
    assert ids(inst, helper) == ids(inst, buyer) != []
    assert ids(inst, staff) == []
    (id,) = ids(inst, helper)
    assert ">Laptops <b>" in browse("helper").get("/queues/Buying").content.decode()
    assert do(staff, "person.save-filter", staff.id, name="x", share="Buying").verdict == "invalid"
    assert do(staff, "person.drop-filter", staff.id, filter=id).verdict == "forbidden"
    assert do(staff, "person.save-filter", buyer.id, name="x").verdict == "unknown-object"
    assert do(helper, "person.drop-filter", helper.id, filter=id).ok
    assert ids(inst, buyer) == []


def test_the_same_name_again_changes_it(lists: None, do: Any, inst: Any, people: Any) -> None:
    who = people["buyer"]
    save(do, who, words="laptops")
    before = ids(inst, who)
    save(do, who, words="desk")
    assert ids(inst, who) == before
    assert do(who, "person.save-filter", who.id, name="x", view="nothing").verdict == "invalid"


def test_rest_lists_filters_and_answers_with_them(
    lists: None, browse: Browse, do: Any, inst: Any, people: Any
) -> None:
    save(do, people["buyer"], words="laptops", process="purchase")
    save(do, people["buyer"], name="All", place="cases", words="laptops")
    api = browse("buyer")
    listed = api.get("/api/filters").json()
    assert [(one["filter"]["name"], one["count"], one["more"]) for one in listed] == [
        ("Laptops", 2, False),
        ("All", 2, False),
    ]
    inbox, cases = (one["filter"]["id"] for one in listed)
    first = api.get(f"/api/cards?filter={inbox}&limit=1")
    assert len(first.json()) == 1
    following = re.search(r"<([^>]+)>", first["Link"])
    assert following is not None
    second = api.get(following[1]).json()
    assert {first.json()[0]["id"]}.isdisjoint({one["id"] for one in second})
    assert len(second) == 1
    assert len(api.get(f"/api/cases?filter={cases}").json()) == 2
    assert api.get(f"/api/cases?filter={inbox}").status_code == 404
    assert browse("staff").get(f"/api/cards?filter={inbox}").status_code == 404


def test_what_stands_behind_is_said_not_hidden(
    lists: None, browse: Browse, do: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "EXAMINED", 2)
    save(do, people["buyer"], words="laptop")
    shown = browse("buyer").get("/?words=laptop").content.decode()
    assert "Among the first thousand of this list." in shown
    assert re.search(r">Laptops <b>\d\+</b>", shown)
