"""Every act is declared once and completely: parity over the whole registry."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import gettext, override, pgettext

from genba.acts.card import Effect
from genba.acts.declaring import WORD, mail_words
from genba.acts.documentation import describe
from genba.acts.registry import Declaration, acts, declare, find_act
from genba.acts.schemas import schema_of

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "src/genba/web/locale/fr/LC_MESSAGES/django.po"

# What one can do to whatever is talked about.
TALK = {"comment", "follow", "unfollow", "mute", "unmute", "attach", "ask"}

# When one is told.
ATTENTION = {
    f"person.{name}"
    for name in ("digest", "at-once", "quiet-hours", "helping-time", "helping-no-limit")
}

# What one can do to a calendar.
CALENDAR = {"hours", "close", "open", "import", "join", "leave", "remove"}

# Leaving the path: from an open step, and from the case.
LEAVING = {"add-step", "repeat", "go-on-at", "ask-others", "ask-otherwise", "stop"}
PATH = {
    "add-step",
    "take-steps",
    "move-step",
    "correct",
    "skip",
    "ask-waiver",
}

# What programs do: their jobs, and the tokens they do them by.
MACHINES = {
    *(f"job.{name}" for name in ("complete", "fail", "raise-error")),
    *(f"account.{name}" for name in ("make-token", "revoke-token")),
    *(f"webhook.{name}" for name in ("make", "stop", "go-on", "try")),
    *(
        f"directory.{act}-{what}"
        for act in ("add", "change", "remove")
        for what in ("person", "team")
    ),
    *(f"webhook.{name}" for name in ("resend", "renew-secret", "remove")),
}

# What issue and domain promise at this stage; a verb that disappears fails here.
ASK = {"comment", "not-me", "pass", "join", "helped", "no-help", "widen", "drop"}
PROMISED = {
    "process.start",
    "task.claim",
    "task.release",
    "task.assign",
    "task.complete",
    "task.remind",
    "task.postpone",
    "task.resume",
    "task.due",
    "task.priority",
    "task.choose",
    "task.happened",
    "task.time-up",
    "task.once-more",
    "task.enough",
    "task.how-many",
    "task.pick",
    "task.mend",
    "task.approve",
    "task.reject",
    "task.changes",
    "task.send-back",
    "chats.link",
    "chats.unlink",
    "case.share",
    "case.unshare",
    "case.invite",
    "case.restrict",
    "case.open",
    "person.name-deputy",
    "person.end-deputy",
    "task.delegate",
    "task.take-back",
    "task.transfer",
    "task.add-signer",
    "case.comment",
    "case.follow",
    "case.unfollow",
    "case.mute",
    "case.unmute",
    "case.attach",
    "case.ask",
    "case.consult",
    "case.withdraw",
    "case.migrate",
    "process.drop",
    "process.migrate",
    "task.skip",
    *(f"task.{name}" for name in LEAVING),
    *(f"case.{name}" for name in PATH | {"undo-change", "waive", "deny-waiver"}),
    "delivery.retry",
    "delivery.drop",
    "case.suspend",
    "case.continue",
    *(f"{talked}.{name}" for talked in ("decision", "rule") for name in TALK),
    *(f"calendar.{name}" for name in CALENDAR),
    *(f"queue.{name}" for name in ("next", "limit", "allow")),
    "skills.add",
    "skills.drop",
    *MACHINES,
    *(f"ask.{name}" for name in ASK),
    *(f"note.{name}" for name in ("edit", "confirm", "retire")),
    *(f"task.{name}" for name in ("ask", "helped", "no-help", "stop-line")),
}

# What one types so far, and no mail is about.
DRAFTS = {"person.keep-draft", "person.forget-draft"}
PROMISED |= DRAFTS

# Who may start it from outside is no matter for a mail.
OUTSIDE = {"process.open", "process.close"}
PROMISED |= OUTSIDE

# How somebody looks at lists.
FILTERS = {"person.save-filter", "person.drop-filter"}
PROMISED |= FILTERS

# What only its author and whom they let read: nothing of it goes by mail.
PRIVATE = {
    "case.keep-private",
    *(f"private-note.{name}" for name in ("change", "let-read", "stop-reading", "erase")),
}
PROMISED |= PRIVATE

# Calendars say whether one comes; the rest has several inputs.
MEETINGS = {f"case.{name}" for name in ("meet", "attend", "move-meeting", "cancel-meeting")}
PROMISED |= MEETINGS

SAID = ("mark", "edit", "erase-words", "resolve", "reopen")
PARTS = {f"{part}.{name}" for part in ("task", "step", "file") for name in ("comment", "attach")}
PROMISED |= {f"{talked}.{name}" for talked in ("case", "decision", "rule") for name in SAID}
PROMISED |= PARTS | {"step.ask"} | ATTENTION

# Acts a mail cannot carry or need not: their input is more than one text, or any text is one.
NO_WORDS = {
    "chats.link",
    "chats.unlink",
    "task.priority",
    "queue.limit",
    "task.choose",
    "task.how-many",
    "task.pick",
    "task.mend",
    "case.comment",
    "case.consult",
    "case.attach",
    "case.follow",
    "case.migrate",
    "process.drop",
    "ask.comment",
    "delivery.retry",
    "delivery.drop",
    "note.edit",
    "task.stop-line",
    "process.migrate",
    *(f"task.{name}" for name in LEAVING),
    *(f"case.{name}" for name in PATH - {"suspend", "continue"}),
    *(
        f"{talked}.{name}"
        for talked in ("decision", "rule")
        for name in TALK - {"unfollow", "mute", "unmute"}
    ),
    *(f"calendar.{name}" for name in CALENDAR),
    *(f"{talked}.{name}" for talked in ("case", "decision", "rule") for name in SAID),
    *MACHINES,
    *PRIVATE,
    *MEETINGS,
    *DRAFTS,
    *PARTS,
    *OUTSIDE,
    *ATTENTION,
    *FILTERS,
}


def test_all_promised_acts_are_there() -> None:
    assert {one.act for one in acts()} == PROMISED


@pytest.mark.parametrize("declaration", acts(), ids=lambda one: one.act)
def test_an_act_is_declared_completely(declaration: Declaration) -> None:
    assert declaration.label
    assert declaration.summary.endswith(".")
    assert bool(declaration.words) != (declaration.act in NO_WORDS)
    assert f"## {declaration.act}\n" in describe()
    schema = schema_of(declaration.input)
    if declaration.text_field:
        assert schema["properties"][declaration.text_field]["type"] == "string"
    if declaration.effect is Effect.FINAL and declaration.object == "task":
        assert declaration.past


@pytest.mark.parametrize("declaration", acts(), ids=lambda one: one.act)
def test_an_act_speaks_french(declaration: Declaration) -> None:
    schema = schema_of(declaration.input)
    texts = [declaration.label, declaration.summary, declaration.past, declaration.told]
    texts += [rule.get("description", "") for rule in schema["properties"].values()]
    same = {"Question", "Condition"}
    with override("fr"):
        for text in filter(None, texts):
            assert gettext(text) != text or text in same, text
        for word in declaration.words:
            assert pgettext(WORD, word) != word, word


def test_mail_words_are_the_readers_own_first_and_never_two_acts() -> None:
    with override("fr"):
        assert mail_words(("approve", "approved")) == (
            "approuver",
            "approuvé",
            "approve",
            "approved",
        )
    for language in ("en", "fr"):
        with override(language):
            verbs = {one.name: one for one in acts()}  # the same verb on several objects is one
            said = [word for one in verbs.values() for word in mail_words(one.words)]
            assert len(said) == len(set(said))
            assert all(word == word.lower() for word in said)


def test_the_same_act_twice_is_a_programming_error() -> None:
    declaration = find_act("task.approve")
    assert declaration is not None
    with pytest.raises(ValueError, match="twice"):
        declare(declaration)


def test_the_page_of_acts_is_current() -> None:
    page = ROOT / "docs/reference/acts.md"
    assert page.read_text(encoding="utf-8") == describe()


def test_every_text_of_these_layers_is_in_the_french_catalogue() -> None:
    catalogue = FRENCH.read_text(encoding="utf-8")
    missing = [
        text
        for folder in ("acts", "cases", "machines", "talk")
        for file in sorted((ROOT / "src/genba" / folder).rglob("*.py"))
        for text in texts_of(file)
        if f"\nmsgid {quoted(text)}\n" not in catalogue
    ]
    assert missing == []


def texts_of(file: Path) -> list[str]:
    """The message ids of a module."""
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    named = {"gettext", "gettext_noop", "ngettext"}
    return [
        str(call.args[0].value)
        for call in calls
        if getattr(call.func, "id", "") in named
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
