"""The talk on a row of a table, by mail: who is mentioned is told, and answers on the row."""

from pathlib import Path

import pytest

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.cases.deployment import deploy_file
from genba.people.directory import Known
from genba.runtime.installation import Installation

from .company import Post, text_of

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = Path(__file__).parents[1] / "drawings" / "purchase-limit.dmn"
ROW = "purchase-limit#new"


def test_a_mention_on_a_row_is_answered_on_the_row(
    inst: Installation, post: Post, people: dict[str, Known]
) -> None:
    made = deploy_file(inst, TABLE.read_bytes(), TABLE.name, "")
    assert not isinstance(made, tuple)
    follow = say(people["lead"], "decision", "purchase-limit", "follow", {})
    words = {"text": "@staff-member why 5,000?"}
    assert follow
    assert say(people["buyer"], "rule", ROW, "comment", words)
    mail = post.newest(people["staff"])
    assert mail["Subject"] == "Purchase limit, row 3"
    text = text_of(mail)
    assert "Buyer asks for your attention:" in text
    assert "row 3: amount at least 5,000 and supplier is new" in " ".join(text.split())
    assert "Buyer wrote:" in text_of(post.newest(people["lead"]))  # who follows the table

    post.reply(people["staff"], mail, "Because the board said so.")
    card = card_for("rule", ROW, people["buyer"])
    assert card is not None
    assert [(one.who, one.channel, one.text) for one in card.story] == [
        ("Buyer", "web", "@staff-member why 5,000?"),
        ("Staff member", "mail", "Because the board said so."),
    ]
    assert "Because the board said so." in text_of(post.newest(people["buyer"]))


def say(who: Known, object: str, id: str, verb: str, given: dict[str, str]) -> bool:
    """Do an act from the page."""
    inbound = Inbound(
        channel="web",
        assurance=Assurance.SESSION,
        act=f"{object}.{verb}",
        given=given,
        key=f"{object}{verb}",
        person=who.id,
        object=object,
        object_id=id,
    )
    return perform(inbound).ok
