"""Measures what the app promises about speed and prints the table: `python -m tests.benchmarks [name ...]`.

Ratios against floor pages it starts itself, in one run; never a timed test. Close other programs before.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys

from tests.benchmarks.table import Row, printed

BENCHMARKS = (
    "landing",
    "kernel_lab",
    "step_player",
    "shapes_views",
    "pooling_views",
    "pen",
    "filter_speed",
    "gif_speed",
    "training",
    "crowd",
    "class_draws",
    "sessions",
)


def main() -> int:
    """Run the chosen benchmarks; the exit status is 1 when a bar was missed."""
    ask = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    ask.add_argument("names", nargs="*", metavar="name", help=f"one or more of {', '.join(BENCHMARKS)}; default all")
    chosen = ask.parse_args().names or BENCHMARKS
    unknown = set(chosen) - set(BENCHMARKS)
    if unknown:
        ask.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    rows: list[Row] = []
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"tests.benchmarks.{name}").measure()
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}\n\n{printed(rows)}")
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
