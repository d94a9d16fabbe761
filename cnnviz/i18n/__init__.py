"""Every word a reader sees, in every language, by key: a leaf used by ui and pages only."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES: dict[str, str] = {"en": "English", "zh": "中文"}
HTML_LANG: dict[str, str] = {"en": "en", "zh": "zh-Hans"}
DEFAULT = "en"


class Texts:
    """The texts of one language.

    >>> Texts("en")("shell.title")
    'cnnviz'
    >>> sorted(Texts("zh").table("languages"))
    ['en', 'zh']
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else DEFAULT
        self._flat = flat_table(self.lang)

    def __call__(self, key: str, **values: object) -> str:
        """The text behind `key` with its {holes} filled; raises KeyError for an unknown key."""
        text = self._flat[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is a text behind `key`."""
        return key in self._flat

    def table(self, head: str) -> dict[str, str]:
        """All texts below `head`, keys shortened, holes left open: what a browser part is given."""
        start = head + "."
        return {k[len(start) :]: v for k, v in self._flat.items() if k.startswith(start)}


@lru_cache(maxsize=len(LANGUAGES))
def flat_table(lang: str) -> Mapping[str, str]:
    """The language's TOML file as one flat table, keys joined by dots."""
    path = Path(__file__).with_name(f"{lang}.toml")
    return dict(_flatten(tomllib.loads(path.read_text("utf-8"))))


def _flatten(table: Mapping[str, Any], head: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        pairs += _flatten(value, f"{head}{key}.") if isinstance(value, dict) else [(head + key, str(value))]
    return pairs


def first_guess(locale: str | None) -> str:
    """The language for a reader whose browser says `locale`.

    >>> first_guess("zh-CN"), first_guess("fr"), first_guess(None)
    ('zh', 'en', 'en')
    """
    head = (locale or "").replace("_", "-").split("-")[0].lower()
    return head if head in LANGUAGES else DEFAULT
