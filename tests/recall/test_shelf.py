"""Found again by what it is like."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from genba.recall.features import Features, features, size_of
from genba.recall.shelf import Kept, Shelf

AT = datetime(2026, 3, 2, tzinfo=UTC)


def kept(id: str, **more: object) -> Kept:
    return Kept(**{"id": id, "kind": "case", "at": AT, **more})  # type: ignore[arg-type]


def shelf_of(*rows: tuple[str, Features]) -> Shelf:
    shelf = Shelf()
    for id, of in rows:
        shelf.keep(kept(id), of)
    return shelf


def test_rare_features_tell_more_than_common_ones() -> None:
    rows = [(f"c{n}", features({"country": "DE", "n": n})) for n in range(20)]
    shelf = shelf_of(*rows, ("rare", features({"country": "FR"}, ["prepayment"])))
    (best, *_) = shelf.find(features({"country": "DE"}, ["prepayments"]))
    assert best.kept.id == "rare"
    assert best.alike == ("w:prepa",)


def test_a_match_says_in_what_it_is_alike() -> None:
    shelf = shelf_of(("a", features({"supplier": "New Ltd", "amount": 5940}, ["late again"])))
    (match,) = shelf.find(features({"supplier": "new ltd", "amount": "5 500"}, ["early"]))
    assert set(match.alike) == {"d:supplier=new ltd", f"n:amount={size_of(5940)}"}
    assert 0 < match.likeness < 1


def test_numbers_are_alike_when_nearly_as_large() -> None:
    shelf = shelf_of(("small", features({"amount": 10})), ("large", features({"amount": 10_000})))
    assert [one.kept.id for one in shelf.find(features({"amount": 11_000}))] == ["large"]
    assert shelf.find(features({"amount": 300})) == []


def test_what_is_wanted_and_how_alike_it_must_be() -> None:
    like = features({"goods": "paint"}, ["colour wrong"])
    shelf = shelf_of(("a", like), ("b", features({"goods": "paint"})))
    assert [one.kept.id for one in shelf.find(like, wanted=lambda one: one.id == "b")] == ["b"]
    assert [one.kept.id for one in shelf.find(like, least=0.9)] == ["a"]


def test_of_equally_alike_the_worthier_comes_first() -> None:
    like, shelf = features({"goods": "paint"}), Shelf()
    shelf.keep(kept("poor", worth=0.2), like)
    shelf.keep(kept("rich", worth=0.9), like)
    shelf.keep(kept("later", worth=0.2, at=AT + timedelta(days=1)), like)
    assert [one.kept.id for one in shelf.find(like)] == ["rich", "later", "poor"]


ITEMS = st.lists(st.tuples(st.integers(0, 8), st.sets(st.sampled_from("abcdefgh")), st.booleans()))


@given(ITEMS, st.sets(st.sampled_from("abcdefgh")))
def test_keeping_and_dropping_one_by_one_comes_to_the_same_as_a_new_shelf(
    items: list[tuple[int, set[str], bool]], asked: set[str]
) -> None:
    shelf, left = Shelf(), dict[str, Features]()
    for number, letters, stays in items:
        id = str(number)
        of = Features(dict.fromkeys(letters, 1.0))
        left.pop(id, None)
        shelf.drop(id)
        if stays:
            shelf.keep(kept(id), of)
            left[id] = of
    fresh = shelf_of(*left.items())
    like = Features(dict.fromkeys(asked, 1.0))
    ids = [one.kept.id for one in shelf.find(like, most=9)]
    assert ids == [one.kept.id for one in fresh.find(like, most=9)]
    assert len(shelf) == len(fresh) == len(left)
    assert all(asked & set(left[id].weights) for id in ids)
