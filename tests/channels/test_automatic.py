"""Mail written by machines is recognised; mail written by people is not taken for it."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from genba.channels.mail.automatic import SIGNS, why_automatic

from .conftest import approval_offers
from .figures import machines


def person_mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {"From": "Approver <approver@example.org>", "Subject": "Re: Purchase 88", **headers}
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content("approve")
    return message


@pytest.mark.security("S10")
def test_real_bounces_are_recognised_and_never_act(mails: Path) -> None:
    for figure in machines(mails, approval_offers()):
        print(figure.line())
        assert figure.kept


@pytest.mark.security("S10")
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "away"},
        {"List_Id": "<all.example.org>"},
        {"Subject": "Automatic reply: Purchase 88"},
        {"Subject": "Réponse automatique : Purchase 88"},
        {"Subject": "Abwesenheitsnotiz: Purchase 88"},
        {"Subject": "Out of office: Purchase 88"},
        {"From": "Mail Delivery System <MAILER-DAEMON@example.org>"},
        {"From": "no-reply@example.org"},
        {"X_Genba_Card": "<card.1@genba.test>"},
    ],
)
def test_each_sign_is_enough(headers: dict[str, str]) -> None:
    assert why_automatic(person_mail(**headers), "approver@example.org")


@pytest.mark.parametrize("sender", ["", "<>", " "])
def test_a_null_sender_is_automatic(sender: str) -> None:
    assert why_automatic(person_mail(), sender)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Precedence": "normal"},
        {"From": "Owner Office <owner@example.org>"},
        {"Subject": "Re: automatic approval of laptops"},
        {"X_Auto_Response_Suppress": "All"},
        {"In_Reply_To": "<card.1@genba.test>"},
        {"Subject": "Out of office chairs are needed"},
        {"From": "Purchase Desk <purchase-request@example.org>"},
    ],
)
def test_a_person_is_not_taken_for_a_machine(headers: dict[str, str]) -> None:
    assert why_automatic(person_mail(**headers), "approver@example.org") == ""


def test_every_sign_has_its_reason() -> None:
    assert len({reason for reason, _sign in SIGNS}) == len(SIGNS)
