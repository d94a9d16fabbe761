"""The house rules hold in this tree, and each of them fails on a made-up tree that breaks it."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.house import RULES, Rule, Tree, read_tree

LONG = '"""x"""\n' + "x = 1\n" * 300
BAD: list[tuple[str, Tree, str]] = [
    ("layers", {"cnnviz/core/a.py": "from cnnviz.ui import state\n"}, "core imports cnnviz.ui.state"),
    ("layers", {"cnnviz/core/a.py": "from ..figures import svg\n"}, "core imports cnnviz.figures.svg"),
    (
        "layers",
        {"cnnviz/figures/a.py": "def f():\n    import cnnviz.media.gif\n"},
        "a.py:2 figures imports cnnviz.media",
    ),
    ("layers", {"cnnviz/components/a/__init__.py": "from cnnviz.ui.parts import header\n"}, "components imports"),
    ("layers", {"cnnviz/core/a.py": "import cnnviz\n"}, "core imports cnnviz"),
    ("layers", {"cnnviz/cli.py": "from cnnviz.ui import shell\n"}, "cli imports cnnviz.ui.shell"),
    ("layers", {"app.py": "from cnnviz.ui import shell\n"}, "app imports cnnviz.ui.shell"),
    ("layers", {"cnnviz/stray.py": "from cnnviz.core import conv\n"}, "stray imports"),
    (
        "streamlit_free",
        {"cnnviz/core/a.py": "def f():\n    from streamlit import cache_data\n"},
        "a.py:2 imports streamlit",
    ),
    ("state", {"cnnviz/ui/parts.py": "st.session_state['a'] = 1\n"}, "cnnviz/ui/parts.py says session_state"),
    ("state", {"pages/a.py": "st.query_params\n"}, "pages/a.py says query_params"),
    ("pages", {"pages/a.py": LONG}, "pages/a.py has 301 lines"),
    ("pages", {"pages/a.py": "import torch.nn\n"}, "imports torch.nn"),
    ("pages", {"pages/a.py": "size = 3 * stride\n"}, "pages/a.py:1 calculates"),
    ("sizes", {"cnnviz/core/a.py": LONG}, "cnnviz/core/a.py has 301 lines"),
    ("sizes", {"cnnviz/components/a/a.js": "x;\n" * 301}, "a.js has 301 lines"),
    ("sizes", {"cnnviz/core/a.py": "def f():\n" + "    x = 1\n" * 60}, "a.py:1 f has 61 lines"),
    ("docstrings", {"cnnviz/core/a.py": "x = 1\n"}, "a.py has no docstring"),
    ("safe", {"cnnviz/core/a.py": "import pickle\n"}, "imports pickle"),
    ("safe", {"cnnviz/core/a.py": "eval(link)\n"}, "calls eval"),
    ("safe", {"cnnviz/core/a.py": "torch.load(path)\n"}, "calls torch.load"),
    ("safe", {"cnnviz/core/a.py": "np.load(path, allow_pickle=True)\n"}, "calls np.load"),
    ("safe", {"cnnviz/core/a.py": "try:\n    f()\nexcept Exception:\n    pass\n"}, "a.py:3 swallows"),
    ("languages", {"cnnviz/i18n/en.toml": "a = 'x'\nb = 'y'", "cnnviz/i18n/zh.toml": "a = 'x'"}, "zh.toml lacks b"),
    ("languages", {"cnnviz/i18n/en.toml": "a = '{n:.2f}'", "cnnviz/i18n/zh.toml": "a = '{m}'"}, "other holes"),
    ("languages", {"cnnviz/i18n/en.toml": "[t]\na = ' '", "cnnviz/i18n/zh.toml": "[t]\na = 'x'"}, "t.a is empty"),
    ("browser", {"cnnviz/components/a/a.js": "el.innerHTML = text;\n"}, "uses innerHTML"),
    ("browser", {"cnnviz/components/a/a.js": "el.addEventListener('click', f);\n"}, "uses addEventListener"),
    ("browser", {"cnnviz/components/a/a.js": "fetch('https://example.com/x');\n"}, "names https://example.com"),
    (
        "browser",
        {"cnnviz/components/a/a.css": "p { background: url(//cdn.example.com/a.png); }\n"},
        "names //cdn.example",
    ),
    ("browser", {"assets/a.svg": "<image href='http://example.com/a.png'/>"}, "names http://example.com"),
    (
        "inlined_names",
        {
            "cnnviz/components/a/a.js": 'import { f } from "../shared/b.js";\nconst TWICE = 1;\n',
            "cnnviz/components/shared/b.js": "export const TWICE = 2;\n",
        },
        "TWICE is declared in cnnviz/components/a/a.js and in cnnviz/components/shared/b.js",
    ),
    ("portable", {"cnnviz/core/a.py": "path = '/home/ann/data'\n"}, "names /home/ann"),
    ("every_test_can_fail", {"tests/test_a.py": "def test_a():\n    f()\n"}, "test_a holds nothing that can fail"),
]


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_tree(ROOT)


def test_the_tree_was_read(tree: Tree) -> None:
    assert {"app.py", "pages/home.py", "cnnviz/core/scene.py", "cnnviz/i18n/zh.toml", ".ci/run"} <= tree.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds_here(rule: Rule, tree: Tree) -> None:
    assert not rule(tree), f"{rule.__doc__}\n" + "\n".join(rule(tree))


@pytest.mark.parametrize(("name", "bad", "message"), BAD)
def test_the_rule_fails_on_a_bad_tree(name: str, bad: Tree, message: str) -> None:
    rule = next(rule for rule in RULES if rule.__name__ == name)
    assert any(message in fault for fault in rule(bad)), rule(bad)


def test_every_rule_is_seen_to_fail() -> None:
    assert {name for name, _, _ in BAD} == {rule.__name__ for rule in RULES}
