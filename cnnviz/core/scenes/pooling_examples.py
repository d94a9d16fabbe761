"""Settings of the pooling player worth a look, from the articles and from class: a name goes in, a scene comes out."""

from __future__ import annotations

from cnnviz.core.scenes.pooling import PoolingScene

COURSE = "1,1,2,4;5,6,7,8;3,2,1,0;1,2,3,4"
SPIKE = "1,2,2,1;2,90,1,2;1,2,2,3;2,1,3,2"

LINKS: dict[str, dict[str, str]] = {
    "article": {"all": "1"},
    "article_mean": {"kind": "avg", "all": "1"},
    "course": {"in": "hand", "x": COURSE, "all": "1"},
    "overlap": {"in": "random", "seed": "7", "size": "7", "kernel": "3", "tied": "0", "stride": "2"},
    "ceil": {"size": "5", "ceil": "1", "all": "1"},
    "padded_max": {"in": "random", "seed": "3", "size": "5", "kernel": "3", "tied": "0", "stride": "2", "padding": "1"},
    "padded_mean": {"in": "ones", "kernel": "3", "tied": "0", "stride": "1", "padding": "1", "kind": "avg"},
    "dilated": {"size": "7", "kernel": "3", "tied": "0", "stride": "1", "dilation": "2"},
    "adaptive": {"in": "from_one", "size": "5,7", "windows": "adaptive", "out": "3", "kind": "avg", "all": "1"},
    "global": {"in": "from_one", "size": "4", "windows": "global", "kind": "avg", "all": "1"},
    "norm": {"kind": "lp", "all": "1"},
    "median": {"in": "hand", "x": SPIKE, "kind": "median", "all": "1"},
    "k_max": {"in": "random", "seed": "5", "size": "6", "kernel": "3", "kind": "k_max", "k": "3", "all": "1"},
    "stochastic": {"kind": "stochastic", "all": "1"},
    "k_means": {"in": "hand", "x": SPIKE, "kernel": "4", "kind": "k_means", "all": "1"},
    "photo": {"in": "picture", "size": "24", "every": "8", "piece": "60,130", "all": "1"},
}
"""Every example as a link writes it, in the order of the menu."""

TOUCHED = {
    "article": "start",
    "overlap": "stride",
    "ceil": "ceil",
    "padded_max": "padding",
    "padded_mean": "counted",
    "dilated": "dilation",
    "adaptive": "windows",
    "global": "windows",
}
"""The setting an example is about, so that the note beside it speaks of that; the others are about their kind.
The article's is what a reader starts from."""


def examples() -> dict[str, PoolingScene]:
    """All examples by name.

    >>> scene = examples()["ceil"]
    >>> scene.spec().output_size(scene.size), examples()["adaptive"].spec().output_size((5, 7))
    ((3, 3), (3, 3))
    """
    return {name: PoolingScene.from_link(link) for name, link in LINKS.items()}
