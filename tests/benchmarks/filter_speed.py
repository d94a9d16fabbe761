"""How fast one kernel passes over a 512 x 512 x 3 picture, beside OpenCV's filter2D, in one run, taking turns.

Both with one thread; OpenCV on its own layout (H, W, C), with the same zero padding. Times are the thread's own time
on a core, so that other programs count for neither. Every result is compared with torch's own convolution in float64,
so that nothing is fast by being wrong.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from cnnviz.core.filtering import filter_image
from cnnviz.core.kernels import gaussian, motion_blur
from tests.benchmarks.table import Row

SIDE, ROUNDS, FEW = 512, 60, 12
BAR_RATIO, BAR_MS, EXACT = 4.0, 40.0, 1e-6
ROUNDING = "largest error, of the sum of the weights' sizes times the largest pixel"

Image = np.ndarray


def main() -> None:
    """Print every ratio."""
    for name, value in ratios().items():
        print(f"{name:<40} {value:.3g}")


def measure() -> list[Row]:
    """The rows of the table: the bar for 3 x 3, larger kernels beside it, the slowest at 31 x 31, and the exactness."""
    found = ratios()
    rows = [Row.at_most("image filter, 3 x 3, of OpenCV's time", found["3 x 3"], BAR_RATIO, "x")]
    rows += [Row(f"image filter, {n}, of OpenCV's time", f"{found[n]:.2g}x") for n in found if " x " in n][1:]
    rows.append(Row.at_most("image filter, slowest at 31 x 31", found["slowest at 31, ms"], BAR_MS, " ms"))
    rows.append(Row.at_most(f"image filter, {ROUNDING}", found["rounding"], EXACT))
    return rows


def ratios() -> dict[str, float]:
    """Our time over OpenCV's for each size, the slowest of three 31 x 31 kernels in ms, and the largest error."""
    import cv2

    threads, theirs = torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        return _ratios(cv2)
    finally:
        torch.set_num_threads(threads)
        cv2.setNumThreads(theirs)


def _ratios(cv2) -> dict[str, float]:
    random = np.random.default_rng(0)
    planes = random.random((3, SIDE, SIDE), dtype=np.float32)
    packed = np.ascontiguousarray(planes.transpose(1, 2, 0))
    found, errors = {}, []
    for side in (3, 5, 7, 11, 15, 21, 31):
        kernel = random.normal(size=(side, side))
        single = kernel.astype(np.float32)
        ours, opencv = _taking_turns(
            lambda k=kernel: filter_image(planes, k, padding="same"),
            lambda k=single: cv2.filter2D(packed, -1, k, borderType=cv2.BORDER_CONSTANT),
            ROUNDS if side < 11 else FEW,
        )
        found[f"{side} x {side}"] = ours / opencv
        errors.append(_error(planes, kernel))
    hard = {"dense": random.normal(size=(31, 31)), "rank 1": gaussian(8, 31), "sparse": motion_blur(31, 30)}
    times = [_taking_turns(lambda k=k: filter_image(planes, k, padding="same"), None, FEW)[0] for k in hard.values()]
    return {
        **found,
        "slowest at 31, ms": 1000 * max(times),
        "rounding": max(*errors, *(_error(planes, k) for k in hard.values())),
    }


def _taking_turns(one: Callable[[], Image], other: Callable[[], Image] | None, rounds: int) -> tuple[float, float]:
    """Median seconds of each, called alternately, so that a busy moment hits both."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 3):
        for call, times in zip((one, other), seconds, strict=True):
            if call is not None:
                start = time.thread_time()
                call()
                times.append(time.thread_time() - start)
    return statistics.median(seconds[0][3:]), statistics.median(seconds[1][3:]) if other else 0.0


def _error(planes: Image, kernel: np.ndarray) -> float:
    """The largest difference from torch in float64, over the sum of |weights| times the largest pixel."""
    before, after = [(n - 1) // 2 for n in kernel.shape], [n // 2 for n in kernel.shape]
    padded = F.pad(torch.tensor(planes, dtype=torch.float64)[:, None], (before[1], after[1], before[0], after[0]))
    truth = F.conv2d(padded, torch.tensor(kernel.copy())[None, None])[:, 0].numpy()
    scale = abs(kernel).sum() * abs(planes).max()
    return float(abs(filter_image(planes, kernel, padding="same") - truth).max() / scale)


if __name__ == "__main__":
    main()
