"""The table of retention: what the privacy page promises is what the code does."""

import re
from pathlib import Path

import pytest

from core import worker
from core.retention import STORES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"


def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_page_and_code_name_the_same_stores():
    assert [row[0].split(" (")[0].split(",")[0] for row in _rows()] == [store.name for store in STORES]


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.name)
def test_page_says_how_long_and_which_job_forgets(store):
    row = next(row for row in _rows() if row[0].startswith(store.name))

    assert re.findall(r"\((\d+)\)", row[2]) == ([str(store.days)] if store.setting else [])
    assert set(re.findall(r"`([a-z]+)`", row[2])) == set(store.jobs)
    assert set(store.jobs) <= set(worker.registered_jobs())
