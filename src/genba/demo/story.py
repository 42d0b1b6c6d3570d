"""What happened in the demonstration before somebody looked: a script, as data.

Rules of this file: data only. A step names a role, an act, and what the act needs; the act is done
on the open task of the case that offers it. Days count back from the day of loading.
"""

from typing import Any

from msgspec import Struct


class Step(Struct, frozen=True):
    """One act. `pick` is the label of a choice; `node` names the task where several are open."""

    days: float  # before now
    role: str
    act: str
    given: dict[str, Any] = {}
    pick: str = ""
    node: str = ""


class Tale(Struct, frozen=True):
    """One case: the process it is of, and its steps; the first one starts it."""

    key: str
    process: str
    steps: tuple[Step, ...]


def _said(days: float, role: str, text: str) -> Step:
    return Step(days, role, "case.comment", {"text": text})


LAPTOPS = Tale(
    "laptops",
    "purchase",
    (
        Step(
            2.2,
            "sales",
            "process.start",
            {
                "title": "3 laptops",
                "amount": 5940,
                "supplier": "Second Life Computers",
                "why": "The old ones fail twice a week, always in front of a customer.",
            },
        ),
        _said(2.19, "sales", "the old ones fail twice a week"),
        Step(2.0, "buying", "task.complete", node="check"),
        Step(2.0, "buying", "task.choose", pick="no, it is new to us"),
        _said(1.9, "buying", "@it-support which model do we need, and would a refurbished one do?"),
        _said(1.2, "it", "Any with 16 GB. Refurbished is fine, we have done that twice."),
        Step(
            1.1,
            "buying",
            "task.complete",
            {"second_offer": 6480, "second_supplier": "Desk & Co"},
            node="quote",
        ),
        _said(1.0, "buying", "The second offer is 540 € dearer, so I would stay with the first."),
    ),
)

PREPAYMENT = Tale(
    "prepayment",
    "purchase",
    (
        Step(
            4.3,
            "sales",
            "process.start",
            {
                "title": "Trade fair stand",
                "amount": 3200,
                "supplier": "Fair Build",
                "why": "The spring fair, nine square metres.",
            },
        ),
        Step(4.1, "buying", "task.complete", node="check"),
        Step(4.1, "buying", "task.choose", pick="yes"),
        Step(3.6, "lead", "task.approve", {"condition": "only with our own furniture"}),
        _said(
            0.4,
            "buying",
            "The supplier asks for half of it in advance. The drawing knows no prepayment.",
        ),
        Step(
            0.39,
            "buying",
            "case.ask",
            {"to": "finance", "question": "May we pay half in advance here?"},
        ),
    ),
)

SCANNERS = Tale(
    "scanners",
    "purchase",
    (
        Step(
            9.5,
            "sales",
            "process.start",
            {"title": "Barcode scanners", "amount": 780, "supplier": "Scan House"},
        ),
        Step(9.2, "buying", "task.complete", node="check"),
        Step(9.2, "buying", "task.choose", pick="yes"),
        Step(8.6, "lead", "task.approve"),
        Step(8.5, "buying", "task.complete", node="order"),
    ),
)

COFFEE = Tale(
    "coffee",
    "purchase",
    (
        Step(
            3.4,
            "sales",
            "process.start",
            {"title": "Coffee machine", "amount": 1450, "supplier": "Bean Works"},
        ),
        Step(3.2, "buying", "task.complete", node="check"),
        Step(3.2, "buying", "task.choose", pick="yes"),
        Step(2.7, "lead", "task.reject", {"reason": "the one on the second floor is new"}),
    ),
)

DESK = Tale(
    "desk",
    "purchase",
    (
        Step(
            0.3,
            "lead",
            "process.start",
            {"title": "Standing desk", "amount": 420, "supplier": "Desk & Co"},
        ),
        Step(0.2, "buying", "task.complete", node="check"),
    ),
)

MONITORS = Tale(
    "monitors",
    "purchase",
    (
        Step(
            12.4,
            "sales",
            "process.start",
            {"title": "Two monitors", "amount": 560, "supplier": "Desk & Co"},
        ),
        Step(12.3, "buying", "task.complete", node="check"),
        Step(12.3, "buying", "task.choose", pick="yes"),
        Step(12.1, "lead", "task.approve"),
        Step(12.0, "buying", "task.complete", node="order"),
        Step(10.1, "buying", "task.happened", node="goods-task"),
        Step(9.9, "it", "task.complete", node="inspect"),
        Step(9.9, "it", "task.choose", pick="yes"),
        _said(9.8, "sales", "Thank you, both work."),
    ),
)

CONGE_ETE = Tale(
    "ete",
    "conge",
    (
        Step(
            1.4,
            "atelier",
            "process.start",
            {
                "title": "Deux semaines en août",
                "du": "2027-08-02",
                "au": "2027-08-13",
                "motif": "Vacances en famille",
            },
        ),
        _said(1.3, "atelier", "La commande du mois d'août sera prête avant."),
    ),
)

CONGE_FORMATION = Tale(
    "formation",
    "conge",
    (
        Step(
            5.2,
            "atelier",
            "process.start",
            {"title": "Formation soudure", "du": "2027-02-08", "au": "2027-02-12"},
        ),
        Step(4.4, "chef", "task.approve", {"condition": "si la formation est confirmée"}),
        Step(3.3, "rh", "task.complete", node="noter"),
    ),
)

TALES = (
    MONITORS,
    SCANNERS,
    PREPAYMENT,
    COFFEE,
    LAPTOPS,
    DESK,
    CONGE_FORMATION,
    CONGE_ETE,
)
