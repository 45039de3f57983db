"""QR codes are the same wherever they are drawn."""

import re

import segno

from core.qr_codes import QUIET_ZONE, dark_runs, svg

ADDRESS = "https://library.example/uk/cal/b.central/"


def test_runs_are_the_dark_modules_of_the_code():
    matrix = segno.make(ADDRESS, error="m", micro=False).matrix

    side, runs = dark_runs(ADDRESS)

    dark = {(row, column + step) for row, column, length in runs for step in range(length)}
    assert side == len(matrix)
    assert dark == {(y, x) for y, row in enumerate(matrix) for x, value in enumerate(row) if value}


def test_svg_is_as_large_as_the_code_with_its_quiet_zone_and_has_no_style():
    drawn = svg(ADDRESS).decode()

    side = dark_runs(ADDRESS)[0] + 2 * QUIET_ZONE
    assert re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups() == (str(side), str(side))
    assert ("style" in drawn, "#fff" in drawn) == (False, True)
    assert svg(ADDRESS).decode() == drawn
