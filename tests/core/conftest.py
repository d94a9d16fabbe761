"""One thread for the tests of the core: their arrays are tiny, and waiting threads cost more than they add."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
