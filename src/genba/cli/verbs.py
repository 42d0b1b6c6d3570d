"""`genba acts` and `genba act`: the registry as a table, and as a channel.

Rules of this file: no verb is known by name. `act` is a channel like the others: it makes an
`Inbound` and shows the `Outcome`. Whoever may run commands on the machine of an installation
holds its database, which is as sure as a session; the rights are still the person's own.
"""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from genba.cli.answers import Impossible, print_json, print_rows
from genba.cli.home import configure_without_home, open_home

if TYPE_CHECKING:
    from genba.acts.inbound import Outcome

DIGITS = 18  # no number of a case has more
HEAD = ("act", "what it does", "input", "words in a mail")


def acts(*, language: str = "en") -> int:
    """Print every act there is, from the registry.

    Parameters
    ----------
    language
        The language of words and descriptions: en or fr.
    """
    configure_without_home()
    from django.utils.translation import override

    with override(language):
        print_rows(HEAD, table())
    return 0


def table() -> list[tuple[str, str, str, str]]:
    """One row an act, in the language that is set: the columns of `HEAD`."""
    from django.utils.translation import gettext, pgettext
    from msgspec.structs import fields

    from genba.acts.declaring import WORD
    from genba.acts.registry import acts as declared

    return [
        (
            declaration.act,
            gettext(declaration.summary),
            " ".join(field.encode_name for field in fields(declaration.input)) or "-",
            ", ".join(pgettext(WORD, word) for word in declaration.words) or "-",
        )
        for declaration in declared()
    ]


def act(
    object: str,
    id: str,
    verb: str,
    given: list[str] | None = None,
    *,
    as_: Annotated[str, Parameter(name="--as")],
    home: Path | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Do something, as a page or a mail would.

    Exit code 1 when it was not done; the answer says why.

    Parameters
    ----------
    object
        What it is done to: task, case, process, decision or rule.
    id
        Which one: of a case its number or id, of a task 12:w3, of a process or a decision its
        key, of a rule KEY#ROW.
    verb
        What is done: claim, approve, comment; `genba acts` prints them.
    given
        Input as name=value. The same name twice gives several values.
    as_
        The mail address, handle or id of the person who acts.
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    json
        Print the outcome and the card as JSON.
    """
    values = read_values(given or [])
    open_home(home)
    object_id = id_of(object, id)
    named = act_named(object, object_id, verb)
    from genba.acts.card import Assurance
    from genba.acts.inbound import Inbound
    from genba.acts.performance import perform

    outcome = perform(
        Inbound(
            channel="cli",
            assurance=Assurance.SESSION,
            act=named,
            given=values,
            key=str(uuid.uuid4()),
            person=person_called(as_),
            object=object,
            object_id=object_id,
        )
    )
    if json:
        print_json(outcome)
    else:
        print_outcome(outcome)
    return 0 if outcome.ok else 1


def act_named(object: str, id: str, verb: str) -> str:
    """The act of this name. Raises Impossible, with what there is, when there is none."""
    from genba.acts.objects import target
    from genba.acts.registry import acts as declared

    own = {one.name: one.act for one in declared() if one.object == object}
    if not own:
        objects = ", ".join(sorted({one.object for one in declared()}))
        raise Impossible(f"Nothing can be done to a “{object}”: write one of {objects}.")
    on_parts = {
        one.name: one.act for one in declared() if one.on_parts and target(object, id, one.object)
    }
    found = {**on_parts, **own}.get(verb)
    if found is None:
        raise Impossible(f"A {object} has no act “{verb}”: write one of {', '.join(sorted(own))}.")
    return found


def person_called(written: str) -> str:
    """The id of the person somebody names. Raises Impossible when there is none."""
    from genba.people.directory import id_called

    person = id_called(written)
    if not person:
        raise Impossible(f"Nobody here is called “{written}”.")
    return person


def id_of(object: str, written: str) -> str:
    """The id of what somebody names: a case also goes by its number, as people see it."""
    from genba.runtime.installation import current

    number, colon, work = written.partition(":")
    if object not in ("case", "task") or not number.isdecimal() or len(number) > DIGITS:
        return written
    with current().journal.reading() as reading:
        row = reading.case_by_number(int(number))
    return f"{row.case}{colon}{work}" if row else written


def read_values(given: list[str]) -> dict[str, Any]:
    """Input from `name=value` words; a name that comes again makes a list."""
    values: dict[str, Any] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise Impossible(f"'{word}' is not input: write it as name=value.")
        if name in values:
            known = values[name] if isinstance(values[name], list) else [values[name]]
            values[name] = [*known, value]
        else:
            values[name] = value
    return values


def print_outcome(outcome: "Outcome") -> None:
    """The answer in words, what is wrong by field, and what is open now."""
    print(outcome.message)
    for field, wrong in outcome.errors.items():
        print(f"  {field}: {wrong}")
    if outcome.object_id:
        print(f"  id: {outcome.object_id}")
    if outcome.card is None:
        return
    print(f"  {outcome.card.object} {outcome.card.id}: {outcome.card.title}")
    for offer in outcome.card.offers:
        fields = " ".join(f"{name}=…" for name in offer.schema.get("properties", {}))
        print(f"    {offer.act} {fields}".rstrip())
    for card in outcome.card.cards:
        print(f"  {card.object} {card.id}: {card.title}")
