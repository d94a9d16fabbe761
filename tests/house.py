"""The house rules of ARCHITECTURE.md, each a function from the project's files to the places where it is not kept.

The files come as one mapping, path to text, so that a made-up tree can show each rule failing (test_house.py).
"""

from __future__ import annotations

import ast
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Tree = Mapping[str, str]
Rule = Callable[[Tree], list[str]]

FOLDERS = ("cnnviz", "pages", "assets", "tests", ".ci", ".streamlit")
SUFFIXES = (".py", ".js", ".mjs", ".css", ".html", ".toml", ".md", ".txt", ".json", ".svg", "")


def read_tree(root: Path) -> dict[str, str]:
    """The project's text files by their path from the root."""
    inside = [p for folder in FOLDERS for p in (root / folder).rglob("*")]
    files = [p for p in (*root.iterdir(), *inside) if p.is_file() and p.suffix in SUFFIXES]
    kept = (p for p in files if "__pycache__" not in p.parts and p.name != ".git")
    return {p.relative_to(root).as_posix(): p.read_text("utf-8", "replace") for p in sorted(kept)}


# What each part may import of cnnviz: core <- nets <- figures <- media <- ui <- pages <- main <- app.
PURE = ("core", "nets", "figures", "media", "i18n")
BELOW_UI = {"core", "nets", "figures", "media", "components", "i18n"}
MAY_IMPORT: dict[str, set[str]] = {
    "core": {"core"},
    "nets": {"core", "nets"},
    "figures": {"core", "nets", "figures"},
    "media": {"core", "nets", "figures", "media"},
    "components": {"core", "figures", "components"},
    "i18n": {"i18n"},
    "ui": BELOW_UI | {"ui"},
    "pages": BELOW_UI | {"ui"},
    "main": {"ui"},
    "server": {"core", "ui"},
    "cli": {"core", "nets", "figures", "media", "i18n", "export"},
    "export": BELOW_UI | {"ui"},
    "cnnviz": {"core", "nets"},
    "app": {"server"},
}


def part_of(path: str) -> str:
    """Which part of the house a Python file is: `cnnviz/core/conv.py` is core, `cnnviz/cli.py` is cli."""
    if not path.startswith("cnnviz/"):
        return path.split("/")[0].removesuffix(".py")
    name = path.split("/")[1].removesuffix(".py")
    return "cnnviz" if name == "__init__" else name


def python(tree: Tree, *starts: str) -> Iterator[tuple[str, ast.Module]]:
    """The syntax trees of the Python files whose path begins with one of `starts`."""
    for path, text in tree.items():
        if path.endswith(".py") and path.startswith(starts):
            yield path, ast.parse(text, path)


def imported(path: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every imported module by its full name, with the line; relative imports are resolved."""
    package = posixpath.dirname(path).split("/")
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            head = ".".join([*base, node.module] if node.module else base)
            yield from ((node.lineno, f"{head}.{alias.name}") for alias in node.names)


def layers(tree: Tree) -> list[str]:
    """Imports point left only."""
    faults = []
    for path, module in python(tree, "cnnviz/", "pages/", "app.py"):
        here = part_of(path)
        for line, name in imported(path, module):
            package, there = [*name.split("."), "cnnviz"][:2]
            if package == "cnnviz" and there not in MAY_IMPORT.get(here, set()):
                faults.append(f"{path}:{line} {here} imports {name}")
    return faults


def streamlit_free(tree: Tree) -> list[str]:
    """What computes and draws never imports streamlit."""
    starts = tuple(f"cnnviz/{part}/" for part in PURE)
    return [
        f"{path}:{line} imports {name}"
        for path, module in python(tree, *starts)
        for line, name in imported(path, module)
        if name.split(".")[0] == "streamlit"
    ]


def state(tree: Tree) -> list[str]:
    """Only cnnviz/ui/state.py touches session_state and query_params."""
    return [
        f"{path} says {found[0]}"
        for path, text in tree.items()
        if path.endswith(".py") and path.startswith(("cnnviz/", "pages/", "app.py")) and path != "cnnviz/ui/state.py"
        if (found := re.search(r"session_state|query_params", text))
    ]


def pages(tree: Tree) -> list[str]:
    """A page has at most 60 lines, no numpy, no torch, no arithmetic."""
    faults = []
    for path, module in python(tree, "pages/"):
        lines = tree[path].count("\n")
        faults += [f"{path} has {lines} lines"] if lines > 60 else []
        heavy = ((line, name) for line, name in imported(path, module) if name.split(".")[0] in ("numpy", "torch"))
        faults += [f"{path}:{line} imports {name}" for line, name in heavy]
        sums = (n for n in ast.walk(module) if isinstance(n, ast.BinOp) and not isinstance(n.op, ast.BitOr))
        faults += [f"{path}:{n.lineno} calculates" for n in sums]
    return faults


def sizes(tree: Tree) -> list[str]:
    """A file of the package has at most 300 lines, a function at most 60."""
    parts = (p for p in tree if p.startswith("cnnviz/") and p.endswith((".py", ".js", ".css")))
    faults = [f"{p} has {tree[p].count(chr(10))} lines" for p in parts if tree[p].count("\n") > 300]
    for path, module in python(tree, "cnnviz/", "pages/", "app.py"):
        for node in ast.walk(module):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                faults += [f"{path}:{node.lineno} {node.name} has {length} lines"] if length > 60 else []
    return faults


def docstrings(tree: Tree) -> list[str]:
    """Every module of the package and every page says what it is for."""
    return [
        f"{path} has no docstring"
        for path, m in python(tree, "cnnviz/", "pages/", "app.py")
        if not ast.get_docstring(m)
    ]


UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}


def safe(tree: Tree) -> list[str]:
    """Nothing from outside is evaluated or unpickled, and no error is swallowed whole."""
    faults = []
    for path, module in python(tree, "cnnviz/", "pages/", "app.py"):
        names = ((line, name) for line, name in imported(path, module) if name.split(".")[0] in UNSAFE_MODULES)
        faults += [f"{path}:{line} imports {name}" for line, name in names]
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in UNSAFE_CALLS | {"torch.load"} or any(k.arg == "allow_pickle" for k in node.keywords):
                    faults.append(f"{path}:{node.lineno} calls {called}")
            elif isinstance(node, ast.ExceptHandler) and _swallows(node):
                faults.append(f"{path}:{node.lineno} swallows every error")
    return faults


def _swallows(node: ast.ExceptHandler) -> bool:
    every = node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
    return every and all(isinstance(statement, ast.Pass) for statement in node.body)


def languages(tree: Tree) -> list[str]:
    """Every language has the same keys with the same holes, and no text is empty (a paired English term may be)."""
    tables = {p: _flat(tomllib.loads(t)) for p, t in tree.items() if re.fullmatch(r"cnnviz/i18n/\w+\.toml", p)}
    keys = set().union(*tables.values())
    faults = [f"{path} lacks {key}" for path, table in tables.items() for key in sorted(keys - table.keys())]
    for key in sorted(keys):
        texts = {path: table[key] for path, table in tables.items() if key in table}
        faults += [
            f"{path}: {key} is empty"
            for path, text in texts.items()
            if not text.strip() and key.rsplit(".")[-1] != "term"
        ]
        holes = {tuple(sorted(set(re.findall(r"\{(\w*)[^{}]*\}", text)))) for text in texts.values()}
        faults += [f"{key} has other holes in another language: {sorted(holes)}"] if len(holes) > 1 else []
    return faults


def _flat(table: dict[str, object], head: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in table.items():
        out |= _flat(value, f"{head}{key}.") if isinstance(value, dict) else {head + key: str(value)}
    return out


FORBIDDEN_IN_BROWSER = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "addEventListener",
    "document.querySelector",
    "eval(",
    "new Function",
)
OUTSIDE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.[\w.-]+|@import(?! "\.\.?/)""")


def browser(tree: Tree) -> list[str]:
    """Our JavaScript, styles and HTML reach nothing outside, write no HTML and add no listener that piles up."""
    faults = []
    for path, text in tree.items():
        if path.startswith(("cnnviz/", "assets/")) and path.endswith((".js", ".css", ".html", ".svg")):
            words = (word for word in FORBIDDEN_IN_BROWSER if path.endswith(".js") and word in text)
            faults += [f"{path} uses {word}" for word in words]
            lines = (line for line in text.splitlines() if not line.lstrip().startswith(("//", "*", "/*")))
            faults += [f"{path} names {found[0]}" for line in lines if (found := OUTSIDE.search(line))]
    return faults


IMPORT = re.compile(r"""^import\b[^"']*["']([^"']+)["']""", re.MULTILINE)
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|let|var|class) +([\w$]+|[{\[][^=]*)", re.MULTILINE)


def inlined_names(tree: Tree) -> list[str]:
    """The files that end up in one browser part declare no name twice at their top level."""
    faults = []
    for entry in (p for p in tree if re.fullmatch(r"cnnviz/components/(\w+)/\1\.js", p)):
        seen: dict[str, str] = {}
        for path in _reached(tree, entry):
            for name in (n for group in DECLARED.findall(tree[path]) for n in re.findall(r"[\w$]+", group)):
                if name in seen:
                    faults.append(f"{entry}: {name} is declared in {seen[name]} and in {path}")
                seen[name] = path
    return faults


def _reached(tree: Tree, entry: str) -> list[str]:
    """`entry` and every file it imports, directly or not."""
    found, todo = [], [entry]
    while todo:
        path = todo.pop()
        if path not in found and path in tree:
            found.append(path)
            todo += [
                posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in IMPORT.findall(tree[path])
            ]
    return found


MACHINE = re.compile(r"""(?<![\w.])/(?:home|root|work|Users)/[\w.]+""")


def portable(tree: Tree) -> list[str]:
    """No path of somebody's machine."""
    own = ("tests/test_house.py", "tests/house.py")
    return [
        f"{path} names {found[0]}" for path, text in tree.items() if path not in own if (found := MACHINE.search(text))
    ]


CAN_FAIL = ("assert", "raises", "warns", "fail", "expect", "check", "wait_for", "settled")


def every_test_can_fail(tree: Tree) -> list[str]:
    """Every test holds something that can fail."""
    faults = []
    for path, module in python(tree, "tests/"):
        functions = [n for n in ast.walk(module) if isinstance(n, ast.FunctionDef)]
        helpers = {f.name for f in functions if not f.name.startswith("test") and _can_fail(f, set())}
        tests = (f for f in functions if f.name.startswith("test_"))
        faults += [
            f"{path}:{f.lineno} {f.name} holds nothing that can fail" for f in tests if not _can_fail(f, helpers)
        ]
    return faults


def _can_fail(function: ast.FunctionDef, helpers: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, (ast.Assert, ast.Raise)):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.startswith(CAN_FAIL) or name in helpers:
                return True
    return False


RULES: tuple[Rule, ...] = (
    layers,
    streamlit_free,
    state,
    pages,
    sizes,
    docstrings,
    safe,
    languages,
    browser,
    inlined_names,
    portable,
    every_test_can_fail,
)
