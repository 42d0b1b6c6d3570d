"""What people said, as the story tells it, and what became of it.

Rules of this file: a view of the log and of the contents it refers to. Words that are erased are
missing from the story; what quotes them says so. A part of a case is named by the words of the
drawing, or by the name of its file.
"""

from django.utils.translation import gettext
from msgspec.structs import replace

from genba.acts.card import Marking, Moment
from genba.acts.marks import MARKS, TAKEN_BACK, Spoken
from genba.cases.places import file_page, step_path
from genba.cases.telling import Body, Line, Teller, Telling
from genba.cases.wording import listed
from genba.journal.records import Content, Entry

SHOWN = 160  # letters of what is quoted


def became(
    telling: Telling, moment: Moment, said: Spoken, spoken: dict[str, Spoken], number: int
) -> Moment:
    """What was said, with its marks, as it was edited, what it answers and what settled it.

    `number` is that of the case, 0 on a stream.
    """
    marks = tuple(
        Marking(mark, tuple(map(telling.name, people)), tuple(people))
        for mark in MARKS
        if (people := said.marks.get(mark))
    )
    moment = replace(
        _about(telling, moment, said, number),
        marks=marks,
        resolved=telling.name(said.resolved) or said.resolved,
        answer=said.answer,
        answers=said.answers,
    )
    if said.quote:
        quoted = spoken.get(said.quote)
        moment = replace(
            moment,
            quote=said.quote,
            quoted_who=telling.name(quoted.by) if quoted else "",
            quoted=_first_words(telling, said.quote, quoted),
        )
    texts = _texts(telling, said)
    if said.edited is None or not texts:
        return moment
    return replace(moment, text=texts[-1], before=tuple(texts[:-1]), edited=said.edited)


def _texts(telling: Telling, said: Spoken) -> list[str]:
    kept = [telling.contents[id] for id in said.texts if id in telling.contents]
    return [in_words(one) for one in kept if not one.erased]


def in_words(content: Content) -> str:
    """What was said; of a file, its name."""
    return content.name if content.kind == "file" else content.body.decode("utf-8", "replace")


def _first_words(telling: Telling, id: str, quoted: Spoken | None) -> str:
    content = telling.contents.get(quoted.texts[-1] if quoted else id)
    if content is None or content.erased:
        return gettext("(taken back)")
    text = " ".join(in_words(content).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()} …"


def _about(telling: Telling, moment: Moment, said: Spoken, number: int) -> Moment:
    """Which part of the case it is about, in words."""
    kind, _slash, id = said.part.partition("/")
    about = url = ""
    if kind == "file":
        file = telling.contents.get(id)
        about = file.name if file and not file.erased else gettext("a file")
        url = file_page(number, file.case, id) if file else ""
    elif kind:
        about = telling.step(moment.node)
        url = f"/cases/{number}/{id}" if kind == "task" else step_path(number, id)
    return replace(moment, part=said.part, about=about, about_url=url)


def _said(telling: Telling, _entry: Entry, body: Body) -> Line | None:
    content = telling.contents.get(body["content"])
    if content is None or content.erased:
        return None
    text = content.body.decode("utf-8", "replace")
    return Line(text=text, node=body.get("node", ""), content=content.id, kind="words")


def _asked_somebody(telling: Telling, entry: Entry, body: Body) -> Line | None:
    line = _said(telling, entry, body)
    if line is None:
        return None
    asked = listed([*body.get("groups", ()), *map(telling.name, body.get("asked", ()))])
    text = gettext("**To %(asked)s:** %(question)s") % {"asked": asked, "question": line.text}
    return replace(line, text=text)


def _attached(telling: Telling, _entry: Entry, body: Body) -> Line | None:
    content = telling.contents.get(body["content"])
    if content is None or content.erased:
        return None
    text = gettext("attached “%(name)s”") % {"name": content.name}
    return Line(text=text, node=body.get("node", ""), content=content.id, kind="file")


def _taken_back(_telling: Telling, _entry: Entry, _body: Body) -> Line:
    return Line(text=gettext("took back what they had said"))


TALK: dict[str, Teller] = {
    "talk.said": _said,
    "talk.asked": _asked_somebody,
    "talk.attached": _attached,
    TAKEN_BACK: _taken_back,
}
