"""The verbs are loaded once, and whoever asks meanwhile waits until all are there."""

from threading import Event, Thread
from typing import Any

import pytest

from genba.acts import registry


def test_who_asks_while_acts_are_loaded_waits_for_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on, loaded = Event(), Event(), list[str]()

    class Slow:
        name = "slow"

        def load(self) -> None:
            registry.load_acts()  # what is imported may ask itself
            begun.set()
            assert go_on.wait(20)
            loaded.append(self.name)

    def points(**_given: Any) -> list[Any]:
        return [Slow()]

    seen: list[list[str]] = []

    def ask() -> None:
        registry.load_acts()
        seen.append(list(loaded))

    monkeypatch.setattr(registry, "entry_points", points)
    monkeypatch.setattr(registry, "_loaded", False)
    monkeypatch.setattr(registry, "_begun", False)
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
