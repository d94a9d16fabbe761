"""The reader's state, in Streamlit's own test runner: link, widgets, browser parts, languages, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.core.rules import Real, Whole, Word
from cnnviz.core.scene import Scene, field
from cnnviz.ui import state


@dataclass(frozen=True)
class Room(Scene):
    """A page's state for these tests."""

    PAGE = "room"
    HIDEABLE = ("share",)

    stride: int = field(Whole(1, 8), 1)
    bias: float = field(Real(-9, 9), 0.0, link="b")
    picture: str = field(Word(r"[a-z0-9_-]+"), "cat")


def script() -> None:
    import streamlit as st

    from cnnviz.ui import state
    from tests.ui.test_state import Room

    now = state.followed(Room, "part")
    key, changed = state.bind(Room, "stride")
    st.number_input(state.texts()("share.link"), 1, 8, key=key, on_change=changed)
    now = state.scene(Room)
    st.text(f"{now.stride} {now.bias} {now.picture} {state.preferences().lang}")
    st.text(state.query(now, own=True))
    st.text(dict(state.last_event("part")))


def shown(app: AppTest) -> str:
    assert not app.exception
    return str(app.text[0].value)


def opened(**params: str) -> AppTest:
    app = AppTest.from_function(script)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def sends(app: AppTest, n: int, **body: Any) -> AppTest:
    app.session_state["part"] = {"event": {"n": n, **body}}
    return app.run()


def test_defaults() -> None:
    app = opened()
    assert shown(app) == "1 0.0 cat en"
    assert app.text[1].value == ""


def test_a_link_is_read_and_written_back() -> None:
    app = opened(stride="3", b="-0.5", picture="coins", lang="zh", nonsense="x")
    assert shown(app) == "3 -0.5 coins zh"
    assert app.text[1].value == "stride=3&b=-0.5&picture=coins&lang=zh"


@pytest.mark.parametrize("bad", ["9", "1e9", "<script>", "9" * 100_000, ""])
def test_a_bad_link_is_the_default(bad: str) -> None:
    assert shown(opened(stride=bad, lang=bad)) == "1 0.0 cat en"


def test_a_link_is_read_once() -> None:
    app = opened(stride="3")
    app.query_params["stride"] = "5"
    assert shown(app.run()) == "3 0.0 cat en"


def test_a_widget_writes_the_scene_and_shows_the_link() -> None:
    app = opened(stride="3")
    assert app.number_input[0].value == 3
    app.number_input[0].set_value(4).run()
    assert shown(app) == "4 0.0 cat en"
    assert app.text[1].value == "stride=4"


def test_a_part_writes_the_scene_and_the_widget_follows() -> None:
    app = sends(opened(), 1, scene={"stride": 6, "bias": 1.5})
    assert shown(app) == "6 1.5 cat en"
    assert app.number_input[0].value == 6


def test_an_event_counts_once() -> None:
    app = sends(opened(), 1, scene={"stride": 6})
    app.number_input[0].set_value(2).run()
    assert shown(app) == "2 0.0 cat en"
    assert app.text[2].value == "{}"
    assert shown(sends(app, 2, scene={"stride": 7})) == "7 0.0 cat en"


@pytest.mark.parametrize(
    "body",
    [
        {"scene": {"stride": 99, "bias": "x", "hide": ["everything"], "settled": 1}},
        {"scene": "stride=3"},
        {"scene": None},
        {"scene": {"stride": {"n": 1}}},
        {"other": 1},
    ],
)
def test_what_a_part_should_not_send_changes_nothing(body: dict[str, Any]) -> None:
    assert shown(sends(opened(stride="3"), 1, **body)) == "3 0.0 cat en"


@pytest.mark.parametrize("sent", [{"event": "x"}, {"event": None}, {}, {"event": {"scene": {"stride": 5}}}])
def test_a_malformed_event_does_not_stop_the_page(sent: Mapping[str, Any]) -> None:
    app = opened()
    app.session_state["part"] = sent
    assert shown(app.run()).endswith("cat en")


def late_script() -> None:
    import streamlit as st

    from cnnviz.ui import state
    from tests.ui.test_state import Room

    state.take_late((state.event("bar") or {}).get("late"))
    now = state.scene(Room)
    st.text(f"{now.stride} {now.bias} {now.picture} {state.preferences().lang}")


@dataclass(frozen=True)
class Annex(Room):
    """A scene of a scene, as two pages that share their input have it."""

    PAGE = "annex"


def test_what_a_part_had_no_time_to_tell_reaches_its_own_page() -> None:
    app = AppTest.from_function(late_script).run()
    for n, late, stride in (
        (1, [{"page": "room", "scene": {"stride": 4, "bias": "x"}}], 4),
        (2, [{"page": "annex", "scene": {"stride": 7}}, {"page": "room", "scene": {"stride": 5}}], 5),
        (3, [{"page": "nowhere", "scene": {"stride": 6}}, {"page": ["room"]}, "x", None], 5),
        (4, {"page": "room", "scene": {"stride": 6}}, 5),
    ):
        app.session_state["bar"] = {"event": {"n": n, "late": late}}
        assert shown(app.run()) == f"{stride} 0.0 cat en"
    assert app.session_state["scene.Annex"].stride == 7


def test_after_a_restart_the_link_counts_and_not_what_was_said_long_ago() -> None:
    app = AppTest.from_function(late_script)
    app.query_params["stride"] = "3"
    late = [{"page": page, "scene": {"stride": 6}} for page in ("annex", "room")]
    app.session_state["bar"] = {"event": {"n": 1, "late": late}}
    assert shown(app.run()) == "3 0.0 cat en"


def test_only_so_many_messages_are_taken_at_once() -> None:
    app = AppTest.from_function(late_script).run()
    late = [{"page": "room", "scene": {"stride": stride}} for stride in [4] * state.MOST_LATE + [5]]
    app.session_state["bar"] = {"event": {"n": 1, "late": late}}
    assert shown(app.run()) == "4 0.0 cat en"


def language_script() -> None:
    import streamlit as st

    from cnnviz.ui import state
    from tests.ui.test_state import Room

    lang = st.session_state.get("asked")
    if lang:
        state.prefer(lang=lang, chosen=True)
    key, changed = state.bind(Room, "stride")
    st.number_input("stride", 1, 8, key=key, on_change=changed)
    st.text(f"{state.scene(Room).stride} {state.texts()('pages.home.title')}")
    st.text(state.query(state.scene(Room), own=False))


def test_a_language_switch_keeps_everything_and_stays_out_of_a_shared_link() -> None:
    app = AppTest.from_function(language_script).run()
    app.number_input[0].set_value(5).run()
    before = app.number_input[0].key
    app.session_state["asked"] = "zh"
    app.run()
    assert app.text[0].value == "5 首页"
    assert app.text[1].value == "stride=5"
    assert app.number_input[0].value == 5
    assert app.number_input[0].key != before
    app.number_input[0].set_value(2).run()
    assert app.text[0].value == "2 首页"


def two_scenes() -> None:
    import streamlit as st

    from cnnviz.ui import state
    from tests.ui.test_state import Other, Room

    kind = Other if st.session_state.get("page") == "other" else Room
    st.text(state.scene(kind).stride)


@dataclass(frozen=True)
class Other(Scene):
    """Another page that has a field of the same name."""

    stride: int = field(Whole(1, 8), 2)


def test_the_link_of_one_page_is_not_taken_for_another_pages() -> None:
    app = AppTest.from_function(two_scenes)
    app.query_params["stride"] = "7"
    assert app.run().text[0].value == "7"
    app.session_state["page"] = "other"
    assert app.run().text[0].value == "2"
    app.session_state["page"] = "room"
    assert app.run().text[0].value == "7"


def remembering() -> None:
    import streamlit as st

    from cnnviz.ui import state

    st.text(state.recall("upload", "none"))
    state.remember("upload", "kept")


def test_what_is_remembered_belongs_to_one_session() -> None:
    first, second = AppTest.from_function(remembering), AppTest.from_function(remembering)
    first.run()
    assert first.run().text[0].value == "kept"
    assert second.run().text[0].value == "none"


rooms = st.builds(
    Room,
    stride=st.integers(1, 8),
    bias=st.integers(-900, 900).map(lambda n: n / 100),
    picture=st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True),
)


@given(rooms)
def test_the_query_string_is_the_scenes_link(room: Room) -> None:
    from urllib.parse import parse_qs

    params = {name: values[0] for name, values in parse_qs(state.query(room, own=False)).items()}
    assert Room.from_link(params) == room
