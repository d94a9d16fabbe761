"""Errors of core as sentences: in each language, rules inside rules told in the same one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cnnviz.core.chain import chain
from cnnviz.core.errors import MESSAGES, InvalidSpec
from cnnviz.core.samples import sample
from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.ui import shapes_networks
from cnnviz.ui.sentences import refused

TOO_DEEP: list[dict[str, Any]] = [{"type": "conv", "kernel_size": 5}, {"type": "max_pool"}] * 3


def broken() -> InvalidSpec:
    with pytest.raises(InvalidSpec) as caught:
        chain(TOO_DEEP, (1, 1, 28, 28)).check()
    return caught.value


def test_english_says_what_python_says_and_the_way_out_of_the_inner_rule() -> None:
    fault = broken()
    assert isinstance(fault.values["rule"], InvalidSpec)
    told = refused(Texts("en"), fault)
    assert told.startswith(str(fault).replace("`", ""))
    assert "`" not in told
    assert told.endswith("take a smaller kernel or dilation, or more padding.")


def test_the_layers_own_rule_is_told_in_the_same_language() -> None:
    told = refused(Texts("zh"), broken())
    assert "conv3" in told
    assert "第 5 层" in told
    assert "必须" in told.split("规则：")[1]
    assert not re.search(r"\b(must|fit|into|the)\b", told)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_has_a_sentence(lang: str) -> None:
    assert not [code for code in MESSAGES if not Texts(lang).has(f"errors.{code}")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chain_of_layers_is_given_its_rules_as_plain_text(lang: str) -> None:
    header, _ = shapes_networks.chain(ShapesScene(view="chain"), sample("cat"), Texts(lang))
    assert header["rules"]
    assert not any("`" in rule for rule in header["rules"].values())
