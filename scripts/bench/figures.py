"""What was measured beside what it must and should be, as a table."""

from collections.abc import Iterable
from dataclasses import dataclass

HEADINGS = ("path", "measure", "measured", "must", "aim", "result")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured value; without `must` it is only reported.

    `holds` is whatever else must be true of it, such as the same number of queries on both sides. `shown` is what the
    table says instead of the bare value.
    """

    path: str
    measure: str
    value: float
    must: float | None = None
    aim: float | None = None
    higher_is_better: bool = False
    holds: bool = True
    shown: str = ""
    unit: str = ""

    @property
    def result(self) -> str:
        """Whether the bounds are kept, in words."""
        if self.must is None:
            return "reported"
        if not (self.holds and self._keeps(self.must)):
            return "MISSED"
        return "aim reached" if self.aim is not None and self._keeps(self.aim) else "reached"

    def _keeps(self, bound: float) -> bool:
        return self.value >= bound if self.higher_is_better else self.value <= bound

    def cells(self) -> tuple[str, ...]:
        """Return the row's texts."""
        bounds = ("" if bound is None else f"{bound:g}{self.unit}" for bound in (self.must, self.aim))
        return (self.path, self.measure, self.shown or f"{_digits(self.value)}{self.unit}", *bounds, self.result)


def _digits(value: float) -> str:
    """Return a number as short as it is still telling."""
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table in Markdown with straight columns."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)
