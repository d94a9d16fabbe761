"""Every picture fault, note, sample, kernel, generator and slider has its words, and no words are left over."""

from __future__ import annotations

import pytest

from cnnviz.core.image_errors import MESSAGES
from cnnviz.core.images import Note
from cnnviz.core.kernels import GENERATORS, PRESETS, Family
from cnnviz.core.samples import SAMPLES
from cnnviz.i18n import LANGUAGES, Texts


def named(ids):
    return {f"{id}.{part}" for id in ids for part in ("name", "line")}


PARAMETERS = [p for g in GENERATORS for p in g.parameters]
TABLES = {
    "image_errors": set(MESSAGES),
    "image_notes": {note.value for note in Note},
    "samples": named(s.id for s in SAMPLES),
    "kernel_families": named(f.value for f in Family),
    "kernel_presets": named(k.id for k in PRESETS),
    "kernel_generators": named(g.id for g in GENERATORS),
    "kernel_parameters": {p.name for p in PARAMETERS},
    "kernel_units": {p.unit for p in PARAMETERS if p.unit},
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_words(lang, table):
    texts = Texts(lang).table(table)
    assert set(texts) == TABLES[table]
    assert all(text.strip() for text in texts.values())


def test_the_english_sentence_of_a_fault_is_the_one_python_users_get():
    assert Texts("en").table("image_errors") == MESSAGES
