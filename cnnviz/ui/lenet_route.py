"""The lenet page's own way to the server (answers.py): what the pen left in, every map of the network out."""

from __future__ import annotations

from cnnviz.ui import answers


def answer_bytes(text: str) -> bytes:
    """What the page is told about the scene asked for, packed; b"" for no question."""
    # looked up late: the launcher imports this module before torch
    from cnnviz.components.payload import pack
    from cnnviz.core.scenes.lenet import LenetScene
    from cnnviz.i18n import Texts
    from cnnviz.ui import lenet_live

    asked = answers.question(text)
    if asked is None:
        return b""
    scene = LenetScene().merged(asked["scene"])
    header, arrays = lenet_live.told(scene, Texts(str(asked.get("lang", ""))), asked)
    return pack(header, **arrays)


ROUTES = [answers.route("lenet", answer_bytes)]
