"""Leaving the path by mail: with a reason, refused by name, waived, put on hold."""

from email.message import EmailMessage

import pytest

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound
from genba.acts.performance import perform
from genba.cases.deployment import deploy_drawing
from genba.people.accounts import enrol
from genba.people.directory import Known
from genba.runtime.installation import Installation

from .company import Post, open_nodes, text_of, the_case

pytestmark = pytest.mark.django_db(transaction=True)

DRAWING = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:genba="https://genba.dev/bpmn/1" id="d" targetNamespace="urn:t">
<process id="order" name="Order">
<laneSet id="l"><lane id="l1" name="Packing"><flowNodeRef>check</flowNodeRef>
<flowNodeRef>audit</flowNodeRef><flowNodeRef>ship</flowNodeRef></lane></laneSet>
<startEvent id="start"/><userTask id="check" name="Check"/>
<userTask id="audit" name="Audit" genba:mandatory="Controlling"/>
<userTask id="ship" name="Ship"/><endEvent id="end"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
<sequenceFlow id="f2" sourceRef="check" targetRef="audit"/>
<sequenceFlow id="f3" sourceRef="audit" targetRef="ship"/>
<sequenceFlow id="f4" sourceRef="ship" targetRef="end"/>
</process></definitions>"""


@pytest.fixture
def packer(inst: Installation, post: Post, people: dict[str, Known]) -> Known:
    """Somebody who is asked the first step of an order."""
    assert not isinstance(deploy_drawing(inst, DRAWING.encode(), "order.bpmn", ""), tuple)
    one = enrol("packer@example.org", None, name="Packer", groups=["Packing"])
    post.write(people["staff"], "start+order@genba.test", "Please", subject="Three boxes")
    return one


def flat(mail: EmailMessage) -> str:
    return " ".join(text_of(mail).split())


def about(post: Post, who: Known, words: str) -> EmailMessage:
    """The newest mail somebody got that says so."""
    return next(mail for mail in post.box(who) if words in flat(mail))


def click(who: Known, act: str, case: str, **given: str) -> None:
    """Do something on the page."""
    inbound = Inbound(
        channel="web",
        assurance=Assurance.SESSION,
        act=act,
        given=dict(given),
        key=f"{act}:{len(given)}",
        person=who.id,
        object="case",
        object_id=case,
    )
    outcome = perform(inbound)
    assert outcome.ok, outcome


def test_a_step_is_left_out_by_mail_and_a_rule_is_named_and_waived(
    inst: Installation, post: Post, packer: Known
) -> None:
    controller = enrol("controller@example.org", None, name="Controller", groups=["Controlling"])
    post.reply(packer, post.newest(packer), "skip a known customer")
    assert open_nodes(inst) == ["audit"]
    audit = post.newest(packer)
    post.reply(packer, audit, "skip they are audited already")
    refused = about(post, packer, "must be done in every case")
    assert "Controlling can waive that: ask with “Ask for a waiver” (case.mandatory)" in flat(
        refused
    )
    assert open_nodes(inst) == ["audit"]
    click(packer, "case.ask-waiver", the_case(inst).case, step="audit", reason="done last week")
    asked = about(post, controller, "May “Audit” be left out? done last week")
    post.reply(controller, asked, "grant fine with us")
    assert "may be left out. fine with us" in flat(about(post, packer, "fine with us"))
    post.reply(packer, audit, "skip they are audited already")
    assert open_nodes(inst) == ["ship"]


def test_a_case_on_hold_says_so_by_mail_and_asks_again_when_it_goes_on(
    inst: Installation, post: Post, packer: Known
) -> None:
    asked, case = post.newest(packer), the_case(inst).case
    click(packer, "case.suspend", case, reason="the shop is closed")
    assert "This is on hold: nothing is asked of you until it goes on." in flat(post.newest(packer))
    post.reply(packer, asked, "done")
    assert open_nodes(inst) == ["check"]
    click(packer, "case.continue", case, reason="open again")
    again = post.newest(packer)
    assert "This goes on, and is with you again:" in flat(again)
    post.reply(packer, again, "done")
    assert open_nodes(inst) == ["audit"]
