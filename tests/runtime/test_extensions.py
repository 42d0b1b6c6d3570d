"""Packages are imported once, and whoever asks meanwhile waits until all are there."""

from threading import Event, Thread
from typing import Any

import pytest

from genba.runtime import extensions
from genba.runtime.extensions import Extensions


def test_who_asks_while_packages_are_imported_waits_for_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on, loaded = Event(), Event(), list[str]()
    packages = Extensions("genba.acts")

    class Slow:
        name = "slow"

        def load(self) -> None:
            packages.load()  # what is imported may ask itself
            begun.set()
            assert go_on.wait(20)
            loaded.append(self.name)

    def points(**_given: Any) -> list[Any]:
        return [Slow()]

    seen: list[list[str]] = []

    def ask() -> None:
        packages.load()
        seen.append(list(loaded))

    monkeypatch.setattr(extensions, "entry_points", points)
    threads = [Thread(target=ask) for _ in range(2)]
    threads[0].start()
    assert begun.wait(20)
    threads[1].start()
    threads[1].join(0.05)
    assert threads[1].is_alive(), "it does not go on without them"
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert seen == [["slow"], ["slow"]]


def test_a_package_that_cannot_be_imported_is_told_of_and_keeps_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        name = "a broken one"

        def load(self) -> None:
            raise ImportError("not here")

    loaded, failed = list[str](), list[str]()

    class Whole:
        name = "b whole"

        def load(self) -> None:
            loaded.append(self.name)

    monkeypatch.setattr(extensions, "entry_points", lambda **_given: [Whole(), Broken()])
    packages = Extensions("genba.functions", lambda point, why: failed.append(point.name))
    packages.load()
    assert loaded == ["b whole"]
    assert failed == ["a broken one"]
    with pytest.raises(ImportError):
        Extensions("genba.acts").load()
