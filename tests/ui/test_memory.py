"""Collection on our own terms: what was imported is frozen, what runs leave behind is collected by the timer."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cnnviz.ui import memory


@pytest.fixture
def own_collector() -> Iterator[None]:
    """Nobody else collects meanwhile, and nothing stays frozen afterwards."""
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


class Leftover:
    """What a run leaves behind: an object that refers to itself."""

    def __init__(self) -> None:
        self.me = self


def test_freeze_takes_the_imports_out_of_sight(own_collector: None) -> None:
    memory.freeze()
    assert gc.get_freeze_count() > 10_000


def test_the_timer_collects_what_was_left_behind_until_it_is_stopped(own_collector: None) -> None:
    left: Any = weakref.ref(Leftover())
    assert left() is not None
    stop = memory.collect_by_timer(0.01)
    assert until(lambda: left() is None)
    stop.set()
    assert until(lambda: all(thread.name != "cnnviz-collector" for thread in threading.enumerate()))


def until(happened: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it happened within the time."""
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.005)
    return happened()
