"""The kernel lab's own way to the server (answers.py): a scene in, its map out, without a run of the page."""

from __future__ import annotations

from cnnviz.ui import answers


def answer_bytes(text: str) -> bytes:
    """What the lab is told about the scene asked for, packed; b"" for no question or an unknown picture."""
    # looked up late: the launcher imports this module before torch
    from cnnviz.components.payload import pack
    from cnnviz.core.kernel_lab import in_lab
    from cnnviz.core.scenes.kernels import KernelScene
    from cnnviz.i18n import Texts
    from cnnviz.ui import kernels_live, pictures

    asked = answers.question(text)
    scene = KernelScene().merged(asked["scene"]) if asked else None
    picture = pictures.find(scene.picture) if scene else None
    if asked is None or scene is None or picture is None:
        return b""
    texts = Texts(str(asked.get("lang", "")))
    header, arrays = kernels_live.told(scene, in_lab(picture), texts, asked, "")
    return pack(header, **arrays)


ROUTES = [answers.route("kernels", answer_bytes)]
