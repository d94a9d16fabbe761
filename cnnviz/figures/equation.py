"""One output element written out, on the way from a `Step` to the line under the grids: x·w + ... + b = y.

Every number has the colour of the grid it comes from. A line too long for its place is folded: its first terms, an
ellipsis, its last term; the result always stands at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.core.step import Index, Reduction, Step, Tap
from cnnviz.figures import fonts
from cnnviz.figures.drawing import Run
from cnnviz.figures.numbers import in_brackets, number_text
from cnnviz.figures.palette import Role, Theme, colour

Runs = tuple[Run, ...]
ELLIPSIS = "…"
_ROOTS = {1.0: ("", ""), 2.0: ("√(", ")")}
_POWERS = {1.0: "|", 2.0: "|²"}


@dataclass(frozen=True, slots=True)
class Notation:
    """How a line is written: on which theme, with letters (x[1,2]·w[0,0]) or numbers, and with how many digits."""

    theme: Theme
    symbolic: bool = False
    digits: int = 3

    def ink(self, text: str, role: Role = Role.INK, bold: bool = False) -> Run:
        """A run in the colour of a role."""
        return Run(text, colour(role, self.theme), bold)

    def number(self, value: float) -> str:
        """A number in this notation's digits."""
        return number_text(value, self.digits)


def multiply_add(step: Step, notation: Notation, room: float = float("inf"), size: float = 16) -> Runs:
    """The whole line of a step, folded so that it is at most `room` pixels wide at this type size.

    >>> taps = (Tap((0, 0), (0, 0), 2.0, -3.0, -6.0, (0,)), Tap((0, 1), (0, 1), 1.0, 4.0, 4.0, (1,)))
    >>> line = multiply_add(Step((0, 0), taps, 0.5, -1.5), Notation(Theme.LIGHT))
    >>> "".join(run.text for run in line)
    '2·(−3) + 1·4 + 0.5 = −1.5'
    """
    before, between, after = _frame(step, notation)
    result = (*after, notation.ink(" = "), notation.ink(notation.number(step.total), Role.OUTPUT, bold=True))
    terms = [_term(tap, step, notation, first=number == 0) for number, tap in enumerate(_counted(step))]
    left = room - _wide(before, size) - _wide(result, size)
    return (*before, *_folded(terms, (notation.ink(between),), left, size, notation), *result)


def plain(step: Step) -> str:
    """The line as a sentence for readers who do not see it; long ones folded to eight terms.

    >>> plain(Step((0, 0), (Tap(None, (0, 0), 0.0, 4.0, 0.0, (-1,)),), 1.0, 1.0))
    '0·4 + 1 = 1'
    """
    notation = Notation(Theme.LIGHT)
    before, between, after = _frame(step, notation)
    terms = [_words(_term(tap, step, notation, number == 0)) for number, tap in enumerate(_counted(step))]
    shown = terms if len(terms) <= 9 else [*terms[:7], ELLIPSIS, terms[-1]]
    return f"{_words(before)}{between.join(shown)}{_words(after)} = {notation.number(step.total)}"


def _words(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def _counted(step: Step) -> list[Tap]:
    """The taps that have a say: what hangs over the end of a mean has none."""
    return [tap for tap in step.taps if step.reduction is Reduction.SUM or tap.weight != 0]


def _frame(step: Step, notation: Notation) -> tuple[Runs, str, Runs]:
    """What stands before, between and after the terms."""
    ink, p = notation.ink, step.norm_type or 1.0
    match step.reduction:
        case Reduction.MAX:
            return (ink("max("),), ", ", (ink(")"),)
        case Reduction.MEAN:
            share = next((tap.weight for tap in step.taps if tap.weight), 1.0)
            return (ink("("),), " + ", (ink(") / "), ink(notation.number(round(1 / share, 9)), Role.KERNEL))
        case Reduction.LP:
            before, after = _ROOTS.get(p, ("(", f")^(1/{number_text(p)})"))
            return (ink(before),), " + ", (ink(after),)
        case Reduction.SUM:
            return (), " + ", _bias(step, notation)
        case Reduction.SHARES:
            return (), " + ", ()


def _bias(step: Step, notation: Notation) -> Runs:
    number = notation.number(step.bias)
    text = "b" if notation.symbolic else in_brackets(number) if step.taps else number
    return (notation.ink(" + " if step.taps else ""), notation.ink(text, Role.SOFT))


def _term(tap: Tap, step: Step, notation: Notation, first: bool) -> Runs:
    bare = first or step.reduction in (Reduction.MAX, Reduction.LP)
    value = notation.ink(_value(tap, notation, bare), Role.INPUT)
    if step.reduction is Reduction.LP:
        scale = () if tap.weight == 1 else (notation.ink(notation.number(tap.weight or 0) + "·"),)
        p = step.norm_type or 1.0
        return *scale, notation.ink("|"), value, notation.ink(_POWERS.get(p, f"|^{number_text(p)}"))
    if step.reduction not in (Reduction.SUM, Reduction.SHARES) or tap.weight is None:
        return (value,)
    symbolic = notation.symbolic and step.reduction is Reduction.SUM  # a share has no letter of its own
    weight = f"w{_place(tap.weight_index)}" if symbolic else in_brackets(notation.number(tap.weight))
    return value, notation.ink("·"), notation.ink(weight, Role.KERNEL)


def _value(tap: Tap, notation: Notation, bare: bool) -> str:
    if notation.symbolic and tap.input_index is not None:
        return f"x{_place(tap.input_index)}"
    text = notation.number(tap.value)
    return text if bare else in_brackets(text)


def _place(index: Index) -> str:
    """An index in the reader's grid: the last two numbers of a tensor index."""
    return "[" + ",".join(map(str, index[-2:])) + "]"


def _folded(terms: Sequence[Runs], between: Runs, room: float, size: float, notation: Notation) -> Runs:
    widths, gap = [_wide(term, size) for term in terms], _wide(between, size)
    if sum(widths) + gap * max(0, len(terms) - 1) <= room:
        return _joined(terms, between)
    if not terms:
        return ()
    fold = (notation.ink(ELLIPSIS, Role.SOFT),)
    left, count = room - widths[-1] - _wide(fold, size) - gap, 0
    while count < len(terms) - 2 and left >= widths[count] + gap:
        left -= widths[count] + gap
        count += 1
    return _joined([*terms[:count], fold, terms[-1]], between)


def _joined(terms: Sequence[Runs], between: Runs) -> Runs:
    return tuple(run for number, term in enumerate(terms) for run in ((*between, *term) if number else term))


def _wide(runs: Runs, size: float) -> float:
    return fonts.line_width(runs, size)
