"""Runs every test: `python -m tests`, with pytest's own options behind it. Fetches a Chromium where there is none."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.browser.harness import chromium_path

# Browser tests mostly wait: three at a time keep two cores busy.
WORKERS = min(6, (os.cpu_count() or 1) * 3 // 2)


def main(arguments: list[str]) -> int:
    """Pytest's exit status."""
    if chromium_path() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    command = [sys.executable, "-m", "pytest", "-n", str(WORKERS), "--dist", "worksteal", *arguments]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
