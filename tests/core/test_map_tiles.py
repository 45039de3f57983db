"""The address of a map's tiles: what is refused, in words, and which server a good one asks."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.map_tiles import TileProblem, host_of, origin_of, problem_of
from core.models import Network

GOOD = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    "address",
    [
        GOOD,
        "https://tiles.library.example:8443/map/{z}/{x}/{y}{r}.png?key=a1-b_2",
        "http://127.0.0.1:8080/{z}/{x}/{y}.png",
        "http://localhost/{z}/{x}/{y}.png",
        "https://wmts.example/tile?x={x}&y={y}&z={z}",
    ],
)
def test_good_address_has_no_problem(address):
    assert problem_of(address) is None


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("tile.openstreetmap.org/{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("ftp://tiles.example/{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("https:///{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("https://tiles.example:port/{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("https://[tiles/{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("https://me@tiles.example/{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("https://tiles.example;script-src/{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("https://*.example/{z}/{x}/{y}.png", (TileProblem.ADDRESS, "")),
        ("http://tiles.example/{z}/{x}/{y}.png", (TileProblem.INSECURE, "")),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", (TileProblem.HOST, "{s}")),
        ('https://tiles.example/{z}/{x}/{y}.png"', (TileProblem.CHARACTERS, "")),
        ("https://tiles.example/{z}/{x} {y}.png", (TileProblem.CHARACTERS, "")),
        ("https://tiles.example/{z}/{x}.png", (TileProblem.MISSING, "{y}")),
        ("https://tiles.example/{x}/{y}.png", (TileProblem.MISSING, "{z}")),
        ("https://tiles.example/{z}/{x}/{y}.png?key={token}", (TileProblem.UNKNOWN, "{token}")),
    ],
)
def test_address_that_can_not_work_is_refused_with_the_reason(address, problem):
    assert problem_of(address) == problem


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_address_that_passes_could_end_a_directive_of_the_policy(server, path):
    address = f"https://{server}/{path}{{z}}/{{x}}/{{y}}.png"

    if problem_of(address) is None:
        assert not set(origin_of(address)) & set(" ;,'\"*\n\r\t")


def test_server_is_named_for_the_policy_and_for_people():
    address = "https://Tiles.Library.example:8443/{z}/{x}/{y}.png"

    assert (origin_of(address), host_of(address)) == ("https://tiles.library.example:8443", "tiles.library.example")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tiles", "An address of tiles looks like https://tiles.library.example/{z}/{x}/{y}.png."),
        ("https://tiles.example/{z}/{x}.png", "{y} is missing: without it every tile is the same."),
        (
            "https://tiles.example/{z}/{x}/{y}/{t}",
            "Nobody fills in “{t}”: only {z}, {x}, {y} and {r} are known.",
        ),
    ],
)
def test_settings_say_in_words_what_is_wrong(address, words):
    with pytest.raises(ValidationError) as refused:
        Network._meta.get_field("map_tiles").clean(address, None)

    assert refused.value.messages == [words]


def test_map_may_be_left_out():
    assert Network._meta.get_field("map_tiles").clean("", None) == ""
