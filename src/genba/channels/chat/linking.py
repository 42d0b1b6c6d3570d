"""Account linking: a code, shown on the page or sent to the registered address, written in a chat.

Rules of this file: who writes an address learns nothing about it: the answer is the same whether
there is such an account. A code opens one account, once, within a day; it goes to the registered
address and nowhere else, at most every ten minutes.
"""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.performance import perform
from genba.acts.tokens import hash_of, issue
from genba.channels.mail.posting import post, remember
from genba.channels.mail.rendering import Envelope, plain_mail
from genba.channels.mail.sent import Sent
from genba.channels.mail.site import site
from genba.channels.mail.threads import card_thread
from genba.machines.chat_acts import CODE, proof_of
from genba.people.directory import Known, by_address
from genba.runtime.installation import current

DAYS = 1
EVERY = timedelta(minutes=10)


def make_code(person: Known) -> str:
    """A code that links a chat to the account of this person."""
    return issue(current(), person.id, "chats", person.id, CODE, DAYS)


def link_by(words: str, identity: str) -> str:
    """Link an identity by a code, or send one to an address; what is said to that."""
    if "@" in words:
        _send_code(words, identity)
        return _(
            "If this is the address of your account, a code is on its way to it. "
            "Write it here: link CODE"
        )
    outcome = _link(words.split(maxsplit=1)[0], identity)
    if outcome.verdict in (Verdict.UNKNOWN_PERSON, Verdict.UNKNOWN_OBJECT, Verdict.CONFLICT):
        return _("This code is not valid, or not any more. Make another one on your page.")
    return outcome.message


def _link(code: str, identity: str) -> Outcome:
    return perform(
        Inbound(
            channel="chat",  # one for all of them, so that a code is used up everywhere
            assurance=Assurance.CHANNEL,
            act="chats.link",
            given={"proof": proof_of(identity)},
            key=f"link:{hash_of(code)}",
            token=code,
            purpose=CODE,
            sent=identity,
        )
    )


def _send_code(address: str, identity: str) -> None:
    person = by_address(address.strip("<>").partition("|")[0].strip())
    if person is None or person.is_guest:
        return
    inst, place = current(), site()
    turn = int(inst.clock.now().timestamp() // EVERY.total_seconds())
    key = f"chat-code:{person.id}:{turn}"
    code = make_code(person)
    with override(person.locale):
        subject = _("A code for your chat")
        words = _(
            "Somebody who is “%(who)s” in a chat system says to be you. If that is you, write "
            "this there: link %(code)s\nIf not, do nothing: without the code nothing happens."
        )
        text = words % {"who": identity, "code": code}
    thread = card_thread(subject=subject, case=key, key=key, domain=place.domain)
    envelope = Envelope(
        site=place, name=person.name, address=person.address, thread=thread, at=inst.clock.now()
    )
    with inst.journal.writing() as tx:
        if remember(tx, key):
            message = plain_mail(text, envelope).as_bytes()
            sent = Sent(address=person.address, subject=subject, person=person.id)
            post(inst, tx, key, message, envelope, sent)
    inst.wake()
