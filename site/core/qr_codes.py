"""QR codes of addresses: as SVG for screens, as runs of dark modules for sheets. Pure calculation."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby

import segno

# What is longer makes a code so fine that old phones can't read it from a door.
LONGEST = 300
QUIET_ZONE = 4


def svg(address: str) -> bytes:
    """Return the code of an address as SVG, dark on white with the quiet zone that readers need."""
    written = io.BytesIO()
    _code(address).save(written, kind="svg", border=QUIET_ZONE, light="#ffffff", dark="#000000", omitsize=True)
    return written.getvalue()


def dark_runs(address: str) -> tuple[int, list[tuple[int, int, int]]]:
    """Return how many modules a side has, and where dark ones stand together: row, column, number."""
    rows = [bytes(row) for row in _code(address).matrix]
    return len(rows), [(number, *run) for number, row in enumerate(rows) for run in _runs(row)]


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    column = 0
    for is_dark, modules in groupby(row):
        length = len(list(modules))
        if is_dark:
            yield column, length
        column += length


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)
