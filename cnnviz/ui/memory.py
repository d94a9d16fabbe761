"""Garbage collection on our own terms.

Streamlit collects all generations after every run, which with torch imported holds every reader up for 120-175 ms;
.streamlit/config.toml turns that off. Here everything imported at start is frozen (the collector never looks at it
again), and what the runs left behind is collected by a timer.
"""

from __future__ import annotations

import gc
import threading

SECONDS_BETWEEN = 20.0


def freeze() -> None:
    """Put everything alive now out of the collector's sight. Call after the last import."""
    gc.collect()
    gc.freeze()


def collect_by_timer(seconds: float = SECONDS_BETWEEN) -> threading.Event:
    """Start a thread that collects every `seconds`, until the returned event is set."""
    stop = threading.Event()

    def loop() -> None:
        while not stop.wait(seconds):
            gc.collect()

    threading.Thread(target=loop, name="cnnviz-collector", daemon=True).start()
    return stop
