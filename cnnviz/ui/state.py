"""The reader's state: the only module that touches session_state and query_params.

The Scene is the truth. Widgets and browser parts are seeded from it and write to it; the address bar follows it
(the shell part does that in the browser, because a server that writes query_params adds a step to the history each
time). A link is read once, by the first page of a session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import streamlit as st

from cnnviz.core.scene import Scene
from cnnviz.i18n import LANGUAGES, Texts, first_guess

S = TypeVar("S", bound=Scene)

LEFT_AS_IT_IS = ",;.:-_~"
"""What a link's values hold without being written as %2C and the like."""
MOST_LATE = 16
"""Messages of parts that are gone, taken at once: a page has one or two such parts."""


@dataclass(frozen=True)
class Preferences:
    """What belongs to the reader, not to a page: language, and whether this is a projector."""

    lang: str
    chosen: bool = False
    present: bool = False


def preferences() -> Preferences:
    """The reader's preferences; the first time from the link, else from the browser."""
    held = st.session_state.get("preferences")
    if held is None:
        asked = st.query_params.get("lang", "")
        lang = asked if asked in LANGUAGES else first_guess(st.context.locale)
        held = Preferences(lang, asked in LANGUAGES, st.query_params.get("present") == "1")
        st.session_state["preferences"] = held
    return cast(Preferences, held)


def prefer(**changes: Any) -> None:
    """Change preferences."""
    st.session_state["preferences"] = replace(preferences(), **changes)


def texts() -> Texts:
    """The texts in the reader's language."""
    return Texts(preferences().lang)


def scene(kind: type[S]) -> S:
    """The page's scene: from this session, or from the link if this is the session's first page, or the defaults."""
    name = f"scene.{kind.__name__}"
    if name not in st.session_state:
        first = not st.session_state.get("link_read", False)
        params = {k: v[:8000] for k, v in st.query_params.to_dict().items()} if first else {}
        st.session_state[name] = kind.from_link(params)
    st.session_state["link_read"] = True
    return cast(S, st.session_state[name])


def put(new: Scene) -> None:
    """Make `new` the scene of its page."""
    st.session_state[f"scene.{type(new).__name__}"] = new


def event(key: str) -> Mapping[str, Any] | None:
    """What the part `key` sent since the last run, once; None when it sent nothing new. Untrusted."""
    sent = st.session_state.get(key)
    body = getattr(sent, "event", None) if not isinstance(sent, dict) else sent.get("event")
    if not isinstance(body, Mapping) or st.session_state.get(f"seen.{key}") == body.get("n"):
        return None
    st.session_state[f"seen.{key}"] = body.get("n")
    return cast(Mapping[str, Any], body)


def followed(kind: type[S], key: str) -> S:
    """The page's scene after what the part `key` sent: its `scene` fields are merged, all others are the page's."""
    now = scene(kind)
    body = event(key)
    if body is not None and isinstance(body.get("scene"), Mapping):
        now = now.merged(body["scene"])
        put(now)
    st.session_state[f"body.{key}"] = body
    return now


def take_late(sent: Any) -> None:
    """Merge what parts had no time to tell before their page was left: [{page, scene: fields}, ...]. Untrusted.

    A session without a page has left none: after a restart of the server the browser says again what it said last,
    which is older than the link that the page is about to read.
    """
    if not st.session_state.get("link_read", False):
        return
    kinds = {kind.PAGE: kind for kind in _kinds(Scene) if kind.PAGE}
    for late in sent[:MOST_LATE] if isinstance(sent, list) else []:
        kind = kinds.get(str(late.get("page"))) if isinstance(late, Mapping) else None
        if kind is not None and isinstance(late.get("scene"), Mapping):
            put(scene(kind).merged(late["scene"]))


def _kinds(kind: type[Scene]) -> list[type[Scene]]:
    """The scenes of the pages that this server has shown."""
    return [kind, *(found for each in kind.__subclasses__() for found in _kinds(each))]


def last_event(key: str) -> Mapping[str, Any]:
    """The event `followed` took in this run, whole; empty when there was none."""
    return cast(Mapping[str, Any], st.session_state.get(f"body.{key}") or {})


def triggered(key: str, name: str) -> Any:
    """What the part `key` sent as its trigger `name`: there while the trigger's handler runs, gone afterwards."""
    sent = st.session_state.get(key)
    return sent.get(name) if isinstance(sent, Mapping) else getattr(sent, name, None)


def remember(name: str, value: Any) -> None:
    """Keep a value that belongs to this session only (never to the link)."""
    st.session_state[f"kept.{name}"] = value


def recall(name: str, default: Any = None) -> Any:
    """The value kept under `name`."""
    return st.session_state.get(f"kept.{name}", default)


def bind(kind: type[Scene], name: str) -> tuple[str, Callable[[], None]]:
    """A widget key for one field and the handler that writes the widget's value to the scene.

    The key carries the language, because some widgets send their translated label; it is seeded from the scene on
    every run, so the widget shows the truth also after a link, an undo or a change made elsewhere.
    """
    key = f"field.{kind.__name__}.{name}.{preferences().lang}"
    st.session_state[key] = getattr(scene(kind), name)

    def changed() -> None:
        put(scene(kind).merged({name: st.session_state[key]}))

    return key, changed


def query(now: Scene | None, *, own: bool) -> str:
    """The page's query string; `own` adds the reader's own preferences, which a shared link leaves out."""
    params = dict(now.link()) if now is not None else {}
    chosen = preferences()
    if own and chosen.chosen:
        params["lang"] = chosen.lang
    if own and chosen.present:
        params["present"] = "1"
    return urlencode(params, safe=LEFT_AS_IT_IS)


def origin() -> str:
    """The address the reader used, without path and query: what a shared link starts with."""
    url = st.context.url or ""
    return "/".join(url.split("/")[:3])
