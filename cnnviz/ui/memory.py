"""Garbage collection on our own terms.

Streamlit collects all generations after every run, which with torch imported holds every reader up for 120-175 ms;
.streamlit/config.toml turns that off. Here everything imported at start is frozen (the collector never looks at it
again), and what the runs left behind is collected by a timer.
"""

from __future__ import annotations

import gc
import threading
import time

SECONDS_BETWEEN = 20.0


def freeze() -> None:
    """Put everything alive now out of the collector's sight. Call after the last import."""
    gc.collect()
    gc.freeze()


def collect_by_timer(seconds: float = SECONDS_BETWEEN) -> threading.Thread:
    """Start the thread that collects every `seconds`, from the day the server starts to the day it stops."""

    def loop() -> None:
        while True:
            time.sleep(seconds)
            gc.collect()

    thread = threading.Thread(target=loop, name="cnnviz-collector", daemon=True)
    thread.start()
    return thread
