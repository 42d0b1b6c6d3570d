"""What is said, written in files and called so is found by its words; over every store."""

from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import Journal
from genba.journal.records import CaseId, Content
from genba.journal.wording import asked_words

C1 = CaseId("c1")


def found(journal: Journal, text: str, **page: Any) -> list[str]:
    with journal.reading() as read:
        return [f"{one.case} {one.part}" for one in read.found(asked_words(text), **page)]


def a_file(id: str, name: str, body: bytes, media_type: str = "text/plain") -> Content:
    return Content(
        case=C1, id=id, kind="file", name=name, media_type=media_type, size=len(body), body=body
    )


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Crème brûlée für Überlingen", "creme UBER"),
        ("Creme brulee", "Crème"),
        ("two-part words, e.g. mail@example.org!", "part example"),
        ("snake_case and 5 940 €", "case 940"),
        ("«Élan» — “naïf” … l’été", "elan naif ete"),
        ("Заявка на покупку", "заявка"),
        ("<b>bold</b> text", "bold"),
        ("the third lap", "lap th"),
    ],
)
def test_words_are_found_however_they_are_written(
    journal: Journal, make: Any, said: str, asked: str
) -> None:
    make.put(journal, title="x")
    with journal.writing() as tx:
        tx.put_content(make.words("a", said))
    assert found(journal, asked) == ["c1 content/a"]
    assert found(journal, f"{asked} nowhere") == []


def test_nothing_asked_finds_nothing_and_marks_do_no_harm(journal: Journal, make: Any) -> None:
    make.put(journal, title="x")
    for text in ("", " ", '"', "* OR", "a' & b", "NEAR(", "-", "%", ":*", "\\"):
        assert found(journal, text) == []


def test_titles_words_names_and_texts_of_files_newest_first(journal: Journal, make: Any) -> None:
    make.put(journal, title="3 laptops")
    make.put(journal, "c2", title="2 laptops")
    with journal.writing() as tx:
        tx.put_content(make.words("a", "The old laptops fail."))
        tx.put_content(a_file("b", "laptops.pdf", b"%PDF laptops \xff", "application/pdf"))
        tx.put_content(a_file("c", "offer.csv", b"laptop;3\n", "text/csv"))
        tx.put_content(a_file("d", "broken.txt", b"\xff\x00 laptop", "text/plain"))
        tx.put_content(make.words("e", "laptops of a stream", case="decision:limit"))
    everything = found(journal, "LAPTOP")
    assert [one for one in everything if not one.endswith("/d")] == [
        "decision:limit content/e",
        "c1 content/c",
        "c1 content/b",
        "c1 content/a",
        "c2 case",
        "c1 case",
    ]
    assert found(journal, "pdf fail") == []
    assert found(journal, "broken") == ["c1 content/d"]
    assert found(journal, "laptop", limit=1) == everything[:1]
    with journal.reading() as read:
        (first,) = read.found(["laptop"], 1)
    assert found(journal, "laptop", before=first.id) == everything[1:]


def test_what_is_erased_or_called_otherwise_is_not_found(journal: Journal, make: Any) -> None:
    row = make.put(journal, title="before")
    with journal.writing() as tx:
        tx.put_content(make.words("a", "secret words"))
        tx.put_content(a_file("b", "secret.txt", b"hidden text"))
    assert len(found(journal, "secret")) == 2
    with journal.writing() as tx:
        tx.erase_content(C1, "a")
        tx.erase_content(C1, "b")
        tx.erase_content(C1, "a")
        made = tx.append(
            replace(row, title="after"),
            expected=row.revision,
            entries=make.entries(1),
            envelope=make.envelope(),
        )
    assert made
    assert found(journal, "secret") == found(journal, "hidden") == found(journal, "before") == []
    assert found(journal, "after") == ["c1 case"]


def test_what_is_taken_back_is_not_found(journal: Journal, make: Any) -> None:
    make.put(journal, title="x")
    with pytest.raises(ZeroDivisionError), journal.writing() as tx:  # noqa: PT012
        tx.put_content(make.words("a", "unsaid"))
        raise ZeroDivisionError
    assert found(journal, "unsaid") == []


def test_tasks_by_what_they_are_called(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.open_work(make.work(work="w1", title="Check", opened_at=make.at(1)))
        tx.open_work(make.work(work="w2", title="Check", opened_at=make.at(2)))
        tx.open_work(make.work(work="w3", title="Approve"))
        tx.open_work(make.work(work="w4", title="Gone"))
        tx.close_work(C1, "w4", at=make.at(3), by="7", outcome="completed", channel="web")
    with journal.reading() as read:
        assert sorted(read.open_titles()) == ["Approve", "Check"]
        assert [row.work for row in read.titled("Check")] == ["w2", "w1"]
        assert [row.work for row in read.titled("Check", 1)] == ["w2"]
        assert read.titled("Gone") == []
