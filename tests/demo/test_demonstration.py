"""The demonstration tells its whole story, and its table has decided."""

import pytest

from genba.cases.rulings import load_ruling, practice_of
from genba.demo import load
from genba.journal.contract import CaseQuery
from genba.people.directory import by_address
from genba.runtime.installation import Installation

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_table_of_the_purchase_has_decided(inst: Installation) -> None:
    assert load()
    assert not load()  # a second time changes nothing
    reader = by_address("lead@demo.example")
    assert reader is not None
    with inst.journal.reading() as reading:
        ruling = load_ruling(reading, "purchase-limit")
        assert ruling is not None
        practice = practice_of(reading, "purchase-limit", reader)
        assert reading.count_cases(CaseQuery(process="purchase")) == 6
    assert practice.hits == {(1, 2): 4, (1, 3): 1}
    assert practice.recent[0].rows == (
        "row 3: amount at least 5,000 and at most 20,000 and second offer over 0",
    )
    assert inst.journal.verify() == []
