"""The address of the catalogue is checked in words before it is stored, and carries any query unharmed."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import address_for, start_of, validate_start, validate_template
from core.models import Network

TEMPLATE = "https://opac.example/search?q={query}"


@pytest.mark.parametrize(
    "address",
    [
        TEMPLATE,
        "http://192.0.2.7:8080/opac?kind=all&words={query}&page=1",
        "https://каталог.бібліотека.укр/пошук/{query}",
        "https://opac.example/#/find/{query}",
        "https://opac.example/cgi-bin/irbis64r/cgiirbis_64.exe?C21COM=S&S21ALL=(<.>K={query}<.>)".replace("<.>", ""),
    ],
)
def test_addresses_of_catalogues_are_accepted(address):
    validate_template(address)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://opac.example/search?q=", "no_placeholder"),
        ("https://opac.example/search?q={searchTerms}", "no_placeholder"),
        ("https://{query}.example/", "placeholder_in_host"),
        ("https://opac.example:{query}/", "no_address"),
        ("javascript:alert({query})", "no_address"),
        ("data:text/html,{query}", "no_address"),
        ("ftp://opac.example/{query}", "no_address"),
        ("//opac.example/{query}", "no_address"),
        ("/search?q={query}", "no_address"),
        ("opac.example/search?q={query}", "no_address"),
        ("https:///search?q={query}", "no_address"),
        ("https://user:secret@opac.example/{query}", "no_address"),
        ("https://opac.example/a b?q={query}", "no_address"),
        ("https://opac.example/\n{query}", "no_address"),
        ("https://opac.example\\@evil.example/{query}", "no_address"),
        ('https://opac.example/"{query}', "no_address"),
        ("https://[::1/{query}", "no_address"),
        ("https://opac.example:99999/{query}", "no_address"),
        ("{query}", "no_address"),
    ],
)
def test_what_is_no_address_of_a_search_is_refused_in_words(address, code):
    with pytest.raises(ValidationError) as caught:
        validate_template(address)

    assert (caught.value.code, len(caught.value.messages[0]) > 20) == (code, True)


@pytest.mark.parametrize("address", ["javascript:alert(1)", TEMPLATE, "opac.example"])
def test_what_is_no_first_page_is_refused(address):
    with pytest.raises(ValidationError):
        validate_start(address)


@pytest.mark.parametrize(
    ("template", "start"),
    [
        (TEMPLATE, "https://opac.example/search"),
        ("https://opac.example/find/{query}/all", "https://opac.example/find/"),
        ("https://opac.example/#/find/{query}", "https://opac.example/"),
        ("https://opac.example/{query}", "https://opac.example/"),
    ],
)
def test_without_a_query_the_catalogue_itself_is_meant(template, start):
    assert (start_of(template), address_for(template, "")) == (start, start)


def test_first_page_that_was_entered_comes_before_the_derived_one():
    assert address_for(TEMPLATE, "", start="https://opac.example/uk/") == "https://opac.example/uk/"


def test_query_is_percent_encoded_as_utf_8():
    assert address_for(TEMPLATE, "Кобзар & co") == (
        "https://opac.example/search?q=%D0%9A%D0%BE%D0%B1%D0%B7%D0%B0%D1%80%20%26%20co"
    )


@given(query=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_query_arrives_and_changes_nothing_else(query):
    parts = urlsplit(address_for(TEMPLATE, query))

    assert (parts.netloc, parts.path, parts.fragment) == ("opac.example", "/search", "")
    assert parse_qs(parts.query, keep_blank_values=True) == {"q": [query]}


# --- In the settings --------------------------------------------------------------------------------------------------


@pytest.fixture
def save(client, library):
    """Return a function that sends the form of the settings as an administrator; with it the answer."""
    client.force_login(library.administrator())
    data = {
        "accent": "#8a1f2d",
        "languages": ["en", "uk"],
        "default_language": "en",
        "zone": "Europe/Kyiv",
        "country": "",
        "phone": "+380 44 000 00 00",
        "days_off-count": "0",
    }
    return lambda **more: client.post(f"/admin/settings/core/network/{library.site.pk}/", data | more)


@pytest.mark.django_db
def test_address_without_its_placeholder_is_refused_and_nothing_typed_is_lost(save, library):
    answer = save(catalogue_address="https://opac.example/search?q=")

    html = answer.content.decode()
    assert "{query} is missing from the address" in html
    assert 'value="https://opac.example/search?q="' in html
    assert 'value="+380 44 000 00 00"' in html
    assert Network.for_site(library.site).catalogue_address == ""


@pytest.mark.django_db
def test_script_is_refused_as_an_address(save, library):
    answer = save(catalogue_address="javascript:alert({query})")

    assert "Write the whole address as the browser shows it" in answer.content.decode()
    assert Network.for_site(library.site).catalogue_address == ""


@pytest.mark.django_db
def test_address_is_stored(save, library):
    answer = save(catalogue_address=f" {TEMPLATE} ", catalogue_start="https://opac.example/")

    network = Network.objects.get(site=library.site)
    assert (answer.status_code, network.catalogue_address, network.catalogue_start) == (
        302,
        TEMPLATE,
        "https://opac.example/",
    )
