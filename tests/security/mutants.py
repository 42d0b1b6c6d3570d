"""Small faults, one at a time, each of which breaks a security property.

Rules of this file: a table. `old` stands exactly once in the file, so that a mutant whose place
was rewritten is noticed and not passed over; `new` breaks the property and nothing that would be
noticed before a test of it runs (an import, a syntax error). What upholds a property twice needs
a mutant that takes away both.
"""

from pathlib import Path

from msgspec import Struct

PACKAGE = Path("src/genba")


class Mutant(Struct, frozen=True):
    """One fault: the property it breaks, what is wrong then, and the change that makes it so."""

    property: str
    wrong: str
    path: str  # below src/genba
    old: str
    new: str


class Misplaced(Exception):
    """The place of a mutant is not there, or is there more than once."""


def put(mutant: Mutant, package: Path) -> None:
    """Write a mutant into a copy of the package; raises Misplaced and then writes nothing."""
    file = package / mutant.path
    source = file.read_text() if file.is_file() else ""
    if (found := source.count(mutant.old)) != 1:
        raise Misplaced(f"{mutant.property}: {mutant.path} has {found} times: {mutant.old}")
    file.write_text(source.replace(mutant.old, mutant.new))


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "S1",
        "opening a link in a mail is taken for a press of its button",
        "channels/mail/landing.py",
        'if request.method == "POST":',
        'if request.method in ("GET", "HEAD", "POST"):',
    ),
    Mutant(
        "S2",
        "nobody looks whether a key was answered before",
        "acts/performance.py",
        "earlier = unit.tx.answer(_scoped(inbound))",
        "earlier = None",
    ),
    Mutant(
        "S2",
        "a key may be used for another question",
        "acts/performance.py",
        "if earlier.digest != digest:",
        "if False:",
    ),
    Mutant(
        "S3",
        "whoever writes later overwrites what was written in between",
        "journal/sql_writing.py",
        "if stored is None or stored[0] != expected:\n            raise stale\n",
        "if stored is None:\n            raise stale\n        expected = stored[0]\n",
    ),
    Mutant(
        "S4",
        "nobody is told that a card was overtaken, and by whom",
        "acts/performance.py",
        "gone = found.type.gone(found.value, actor)",
        'gone = ""',
    ),
    Mutant(
        "S5",
        "what was once offered may be done, whoever one is by now",
        "acts/performance.py",
        "open_now, who = open_to(declaration, found.value, actor, others)",
        'open_now, who = (Offer(act=declaration.act, label="", schema={}),), actor',
    ),
    Mutant(
        "S5",
        "a closed account goes on acting",
        "people/directory.py",
        'Person.objects.filter(is_active=True).prefetch_related("teams")',
        'Person.objects.prefetch_related("teams")',
    ),
    Mutant(
        "S6",
        "who has the link counts as signed in",
        "channels/mail/landing.py",
        "assurance=Assurance.SESSION if signed else Assurance.POSSESSION,",
        "assurance=Assurance.SESSION,",
    ),
    Mutant(
        "S6",
        "a link shows its card to whoever is signed in",
        "channels/mail/landing.py",
        "if signed and signed != person.id:",
        "if False:",
    ),
    Mutant(
        "S7",
        "the secret in a mail is good for whoever got hold of the mail",
        "acts/performance.py",
        "same = claimed is not None and claimed.id == row.person",
        "same = True",
    ),
    Mutant(
        "S8",
        "a check of any domain vouches for any sender",
        "channels/mail/assurance.py",
        "return any(one.domain in passed for one in _enough(evidence))",
        "return bool(passed)",
    ),
    Mutant(
        "S8",
        "a signed mail to somebody else, sent to us once more, acts",
        "channels/mail/signatures.py",
        '_covers(one, ("from", field), sealed.times)',
        '_covers(one, ("from",), sealed.times)',
    ),
    Mutant(
        "S8",
        "words may be added behind what is signed",
        "channels/mail/signatures.py",
        "not signature.partial and all(",
        "all(",
    ),
    Mutant(
        "S8",
        "a signature of any domain vouches for any sender",
        "channels/mail/signatures.py",
        'return "." in domain and (host == domain or host.endswith(f".{domain}"))',
        "return True",
    ),
    Mutant(
        "S8",
        "any answer to the question whether a mail is theirs confirms it",
        "channels/mail/confirming.py",
        "if letter.sender != person.address or not _confirms(letter):",
        "if letter.sender != person.address:",
    ),
    Mutant(
        "S7",
        "whoever got hold of the question confirms the mail",
        "channels/mail/confirming.py",
        "if letter.sender != person.address or not _confirms(letter):",
        "if not _confirms(letter):",
    ),
    Mutant(
        "S8",
        "a check that the sender wrote into the mail is believed",
        "channels/mail/assurance.py",
        "evidence.letter.checks[0].split()",
        "evidence.letter.checks[-1].split()",
    ),
    Mutant(
        "S9",
        "a mail that came by another way is another mail",
        "channels/mail/letters.py",
        'digest.update(normal.partition(b"\\n\\n")[2].rstrip())',
        "digest.update(normal)",
    ),
    Mutant(
        "S10",
        "automatic mail is read like any other",
        "channels/mail/inbound.py",
        "if letter.automatic:",
        "if False:",
    ),
    Mutant(
        "S10",
        "a mail that says it is automatic is not believed",
        "channels/mail/automatic.py",
        'return bool(value) and not value.startswith("no")',
        "return False",
    ),
    Mutant(
        "S11",
        "a line we sent is taken for the reader's own",
        "channels/mail/verbs.py",
        "if isinstance(found, Act) and found.text and normal(line) in normal(ours):",
        "if False:",
    ),
    Mutant(
        "S11",
        "a line that touches what is quoted is taken for the reader's own",
        "channels/mail/reading.py",
        'first = _first_own(under) if _stands_apart(lines, under) else ""',
        "first = _first_own(under)",
    ),
    Mutant(
        "S12",
        "a reply address opens the page of a link",
        "acts/tokens.py",
        "if row is None or row.revoked or row.purpose != purpose:",
        "if row is None or row.revoked:",
    ),
    Mutant(
        "S12",
        "a secret that was taken back goes on",
        "acts/tokens.py",
        "if row is None or row.revoked or row.purpose != purpose:",
        "if row is None or row.purpose != purpose:",
    ),
    Mutant(
        "S12",
        "a secret never ends",
        "acts/tokens.py",
        "return row if row.expires > current().clock.now() else None",
        "return row",
    ),
    Mutant(
        "S13",
        "a refused answer uses up its key",
        "acts/performance.py",
        "            _note(inst, inbound, aim, outcome.verdict, outcome.errors)\n",
        "            _note(inst, inbound, aim, outcome.verdict, outcome.errors)\n"
        "            with inst.journal.writing() as tx:\n"
        "                used = Answer(\n"
        '                    key=_scoped(inbound), actor="", digest="", body=b"",\n'
        "                    at=inst.clock.now(),\n"
        "                )\n"
        "                tx.remember(used)\n",
    ),
    Mutant(
        "S14",
        "programs may not do what the same person may do on the page",
        "acts/performance.py",
        "    if not open_now:\n        if not found.type.visible(",
        '    if not open_now or inbound.channel == "api":\n        if not found.type.visible(',
    ),
    Mutant(
        "S14",
        "by mail one may do what the same person may not do on the page",
        "acts/performance.py",
        "open_now, who = open_to(declaration, found.value, actor, others)",
        "open_now, who = open_to(declaration, found.value, actor, others)\n"
        '    if inbound.channel == "mail":\n'
        '        open_now = (Offer(act=declaration.act, label="", schema={}),)',
    ),
    Mutant(
        "S15",
        "one hears whether there is a person of that name",
        "acts/performance.py",
        "raise Withdrawn(_nothing_here(Verdict.UNKNOWN_PERSON))",
        'raise Withdrawn(Outcome(verdict=Verdict.UNKNOWN_PERSON, message="Who is that?"))',
    ),
    Mutant(
        "S15",
        "every mail that does not work is answered, however many come",
        "channels/mail/answering.py",
        "if limit is not None and not _few_today(inst, tx, matter, limit):",
        "if False:",
    ),
    Mutant(
        "S16",
        "what was refused is not noted",
        "acts/performance.py",
        "_note(inst, inbound, aim, outcome.verdict, outcome.errors)",
        "pass",
    ),
    Mutant(
        "S16",
        "nobody compares an entry with its hash",
        "journal/chain.py",
        "if link(previous, form) != entry.hash:",
        "if False:",
    ),
    Mutant(
        "S17",
        "the new words of an edited message are read like a message (Matrix)",
        "channels/matrix/reading.py",
        'if relation == "m.replace" or at(said, "content", "m.new_content") is not None:',
        "if False:",
    ),
    Mutant(
        "S17",
        "an edited message is read like a new one (Slack)",
        "channels/slack/reading.py",
        'if "subtype" in event or "edited" in event:',
        "if False:",
    ),
    Mutant(
        "S17",
        "an edited message is read like a new one (Teams)",
        "channels/teams/reading.py",
        'if text(said, "channelData", "eventType") in ("editMessage", "undeleteMessage"):',
        "if False:",
    ),
    Mutant(
        "S17",
        "an edited message is read like a new one (Zulip)",
        "channels/zulip/reading.py",
        "if not message or not who or edited:",
        "if not message or not who:",
    ),
    Mutant(
        "S18",
        "the scopes of a token are not looked at",
        "people/access.py",
        "return not scope or known.scopes is None or scope in known.scopes",
        "return True",
    ),
    Mutant(
        "S18",
        "a program counts as its person, signed in",
        "web/api/channel.py",
        "assurance=Assurance.CHANNEL if asked.program else Assurance.SESSION,",
        "assurance=Assurance.SESSION,",
    ),
    Mutant(
        "S18",
        "a program sees the tokens of its person, and acts on them",
        "machines/accounts.py",
        "return account.person.id == known.id and known.scopes is None and not known.is_guest",
        "return account.person.id == known.id and not known.is_guest",
    ),
    Mutant(
        "S18",
        "an assistant does what is final without its person",
        "channels/assistants/asking.py",
        "if not missing and (not final or confirmed == mark_of(of, given)):",
        "if not missing:",
    ),
    Mutant(
        "S18",
        "an answer to one question of an assistant is taken for any other",
        "channels/assistants/server.py",
        "server.middleware.append(RequestStateBoundary(sealing(secret_of), default_audience=NAME))",
        "",
    ),
    Mutant(
        "S12",
        "any token is the password of a to-do list",
        "channels/calendar/dav.py",
        "if reader is None or not may_use(reader, TODO):",
        "if reader is None:",
    ),
    Mutant(
        "S12",
        "any token opens the address of due dates",
        "channels/calendar/feed.py",
        "if reader is None or reader.scopes is None or not may_use(reader, CALENDAR):",
        "if reader is None:",
    ),
)
