"""The lenet page's own way to the server (answers.py): what the pen left in, every map of the network out."""

from __future__ import annotations

import re
from concurrent.futures import Executor, ThreadPoolExecutor

from cnnviz.ui import answers

# A pass through a LeNet is many short calls into torch, after each of which two threads would wait for one another:
# one thread answers a class that draws sooner than two. What takes long goes another way, so that no pen waits for it.
PEN = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cnnviz-pen")
SLOW = re.compile(r'"view": ?"(why|excite|vector|tested|compare)"|"source": ?"example"')


def lane(text: str) -> Executor:
    """The pen's own thread, unless what is asked for takes long.

    >>> lane('{"scene": {"view": "network"}}') is PEN, lane('{"scene":{"view":"excite"}}') is PEN
    (True, False)
    """
    return answers.WORKERS if SLOW.search(text) else PEN


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


ROUTES = [answers.route("lenet", answer_bytes, lane)]
