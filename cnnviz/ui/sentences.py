"""Where an error of core becomes a sentence in the reader's language; every page that shows one takes it from here."""

from __future__ import annotations

from cnnviz.core.errors import InvalidSpec
from cnnviz.i18n import Texts


def refused(t: Texts, fault: InvalidSpec) -> str:
    """The sentence of the broken rule; a rule inside it (`layer_breaks` holds the layer's own) is told the same way.

    Pages show plain text, so the backticks of the Python message are left out.

    >>> inner = InvalidSpec("below_one", name="stride", value=0)
    >>> broken = InvalidSpec("layer_breaks", number=2, name="conv2", shape=(1, 3, 8, 8), rule=inner)
    >>> print(refused(Texts("en"), inner))
    stride (=0) must be at least 1: take 1 or more.
    >>> refused(Texts("zh"), inner) in refused(Texts("zh"), broken)
    True
    """
    values = {name: refused(t, v) if isinstance(v, InvalidSpec) else v for name, v in fault.values.items()}
    return unmarked(t(f"errors.{fault.code}", **values))


def unmarked(sentence: str) -> str:
    """The sentence as plain text: names without the backticks that mark them as code."""
    return sentence.replace("`", "")
