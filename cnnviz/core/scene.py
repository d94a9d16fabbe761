"""A Scene is the state of one page: what the reader has set, what may be set, and the link that says it.

Each field is declared once, with its default and its rule (rules.py); the declaration makes the widget's limits,
the link and the check of everything that comes from outside. Scenes are language-neutral and hold no arrays.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

from cnnviz.core.rules import Names, Rule

S = TypeVar("S", bound="Scene")


def field(rule: Rule, default: Any, link: str | None = None) -> Any:
    """Declare a Scene field: its rule, its default, and (when it differs from the field's) its name in a link."""
    return dataclasses.field(default=rule.accept(default), metadata={"rule": rule, "link": link})


@dataclasses.dataclass(frozen=True)
class Scene:
    """The base of every page's state.

    `hide` names the controls a link takes away, for a one-purpose page; a subclass lists them in HIDEABLE.

    >>> from cnnviz.core.rules import Whole
    >>> @dataclasses.dataclass(frozen=True)
    ... class Example(Scene):
    ...     stride: int = field(Whole(1, 8), 1)
    >>> Example.from_link({"stride": "2", "unknown": "x"}).link()
    {'stride': '2'}
    >>> Example.from_link({"stride": "999"}).stride
    1
    """

    PAGE: ClassVar[str] = ""
    HIDEABLE: ClassVar[tuple[str, ...]] = ()

    hide: tuple[str, ...] = dataclasses.field(default=(), metadata={"rule": None, "link": None}, kw_only=True)

    @classmethod
    def rules(cls) -> dict[str, Rule]:
        """Every field's rule by the field's name."""
        return {f.name: f.metadata["rule"] or Names(cls.HIDEABLE) for f in dataclasses.fields(cls)}

    @classmethod
    def link_names(cls) -> dict[str, str]:
        """Every field's name in a link, by the field's own name."""
        return {f.name: f.metadata["link"] or f.name for f in dataclasses.fields(cls)}

    @classmethod
    def from_link(cls, params: Mapping[str, str]) -> Self:
        """The scene a link describes; what is unknown, malformed or out of bounds becomes the default."""
        found: dict[str, Any] = {}
        for name, rule in cls.rules().items():
            text = params.get(cls.link_names()[name])
            if text is not None:
                try:
                    found[name] = rule.parse(text)
                except (ValueError, OverflowError):
                    continue
        return cls(**found).settled()

    def link(self) -> dict[str, str]:
        """What differs from the defaults, as link parameters."""
        rules, names = self.rules(), self.link_names()
        return {
            names[f.name]: rules[f.name].show(getattr(self, f.name))
            for f in dataclasses.fields(self)
            if getattr(self, f.name) != f.default
        }

    def merged(self, raw: Mapping[str, Any]) -> Self:
        """This scene with the values a browser sent; unknown names and values that break their rule are left out."""
        rules = self.rules()
        kept: dict[str, Any] = {}
        for name, value in raw.items():
            if name in rules:
                try:
                    kept[name] = rules[name].accept(value)
                except (ValueError, TypeError, OverflowError):
                    continue
        return dataclasses.replace(self, **kept).settled()

    def with_(self, **changes: Any) -> Self:
        """This scene with some fields changed; raises ValueError where a value breaks its rule."""
        rules = self.rules()
        return dataclasses.replace(self, **{n: rules[n].accept(v) for n, v in changes.items()}).settled()

    def settled(self) -> Self:
        """Hook for rules that span fields: return the nearest scene that can be shown."""
        return self

    def shows(self, control: str) -> bool:
        """Whether the link left this control on the page."""
        return control not in self.hide
