"""The kernel lab in the browser: picture, kernel, feature map and every control between them.

What belongs to a language (texts, the library of kernels) comes here; what changes with every dragged cell comes by the
part kernel_live; the picture's pixels by the part store. It sends `{edit, scene, have}` and, as it happens, `{paste}`
(a matrix as text) or `{step}` (an output pixel for the step player).
"""

from __future__ import annotations

from cnnviz.components import mount


def stage(*, key: str, data: bytes) -> None:
    """Place the lab; `data` is a packed header with lang, texts, library, hide, present."""
    mount("kernel_lab", key=key, data=data)
