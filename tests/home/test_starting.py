"""A network that is started: what it is made of, what it refuses, and that nothing of it is fictional."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from wagtail.models import GroupPagePermission, Page, Site

from branches.models import Branch, BranchPage
from core import admin_navigation
from core.generations import bump
from core.models import Audience, Navigation, Network, User
from core.navigation import left_out
from core.page_targets import NOT_YET
from home.models import HomePage, MissionPage, PlainPage
from home.plain_text import body_blocks
from home.starting import questions, texts
from home.starting.build import PAGES, start_network
from home.starting.countries import country_of, languages_of, usual_zone, zones_of
from home.starting.plan import NetworkPlan, PlanError, from_values, problems
from tests.factories.library import LANGUAGES

PASSWORD = "orchard-lamp-42"
CYRILLIC = re.compile("[а-яёіїєґѓќѕљњџј]", re.IGNORECASE)
OWN_LETTERS = {"uk": "іїєґ", "ru": "ыэъё", "mk": "ѓќѕљњџј"}


def plan_of(**changes) -> NetworkPlan:
    """Return the plan of a network of two branches in Ukrainian and English."""
    return from_values(
        {
            "name": {"uk": "Вербівська бібліотека", "en": "Verbivka Library"},
            "languages": "uk,en",
            "country": "ua",
            "zone": "Europe/Kyiv",
            "email": "olha@library.example",
            "branches": ["Центральна бібліотека", {"uk": "Філія «Парк»", "en": "Park Branch"}],
        }
        | changes
    )


@pytest.fixture
def network(db) -> Site:
    """Return the site of a network that was just started."""
    return start_network(plan_of(), PASSWORD)


def get(client, path: str) -> str:
    response = client.get(path, headers={"host": Site.objects.get().hostname})
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


# --- Texts ------------------------------------------------------------------------------------------------------------


def shape(value):
    """Return the names in nested texts, without the texts."""
    return {name: shape(inner) for name, inner in value.items()} if isinstance(value, dict) else ""


def test_texts_are_the_same_set_in_every_language():
    assert [code for code in LANGUAGES if shape(texts.words_in(code)) != shape(texts.words_in("en"))] == []
    assert tuple(texts.words_in("en")["page"]) == PAGES


@pytest.mark.parametrize("code", OWN_LETTERS)
def test_texts_are_in_the_language_that_they_are_said_to_be_in(code):
    for page in texts.words_in(code)["page"].values():
        assert set(OWN_LETTERS[code]) & set(page["body"].lower()), page["title"]
        assert len(page["lead"]) <= 400
    assert not CYRILLIC.search(str(texts.words_in("en")))


@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_ask_as_much_in_every_language(code):
    def questions(language):
        return {name: page["body"].count("[") for name, page in texts.words_in(language)["page"].items()}

    assert questions(code) == questions("en")
    for page in texts.words_in(code)["page"].values():
        assert page["body"].count("[") == page["body"].count("]") > 0
        assert body_blocks(page["body"])


# --- Countries --------------------------------------------------------------------------------------------------------


def test_country_proposes_zone_and_languages():
    assert [(usual_zone(code), languages_of(code)) for code in ("UA", "MK", "RU", "GB")] == [
        ("Europe/Kyiv", ["uk", "en"]),
        ("Europe/Skopje", ["mk", "en"]),
        ("Europe/Moscow", ["ru", "en"]),
        ("Europe/London", ["en"]),
    ]
    assert (usual_zone("US"), "America/Chicago" in zones_of("US"), zones_of("XX")) == ("", True, [])


@pytest.mark.parametrize(
    ("text", "code"), [("ua", "UA"), ("Ukraine", "UA"), ("north macedonia", "MK"), ("Atlantis", ""), ("", "")]
)
def test_country_is_known_by_letters_or_by_name(text, code):
    assert country_of(text) == code


# --- Plans ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "A name is missing."),
        ({"name": "x" * 121}, "A name has at most 120 characters."),
        ({"languages": "uk,de"}, "There is no language de here; there are en, uk, ru, mk."),
        ({"languages": "uk,uk"}, "A language is named twice."),
        ({"country": "UKR"}, "UKR is no country's code; codes have two letters, such as UA or MK."),
        ({"zone": "Kyiv"}, "There is no time zone Kyiv; their names are such as Europe/Kyiv."),
        ({"email": "olha"}, "The administrator's e-mail address: Enter a valid email address."),
        ({"branches": ["Park", ""]}, "Branch 2: A name is missing."),
        ({"branches": ["Park", "Park"]}, "Two branches have the same name."),
    ],
)
def test_plan_that_can_not_be_is_refused_in_words(changes, sentence):
    assert problems(plan_of(**changes), PASSWORD) == [sentence]


@pytest.mark.parametrize(
    ("password", "word"), [("", "needs a password"), ("short", "too short"), ("password", "common")]
)
def test_weak_password_is_refused_in_words(password, word):
    assert word in " ".join(problems(plan_of(), password))


def test_name_may_be_given_once_or_by_language():
    assert plan_of(name="Бібліотека").name == {"uk": "Бібліотека"}
    assert plan_of(name=["uk=Бібліотека", "en=Library"]).name == {"uk": "Бібліотека", "en": "Library"}
    with pytest.raises(PlanError, match="Unknown: town"):
        plan_of(town="Verbivka")


# --- Building ---------------------------------------------------------------------------------------------------------


def test_network_has_its_sections_in_its_languages_and_no_other(network, client):
    settings = Network.for_site(network)

    assert (settings.language_codes, settings.zone, settings.country) == (["uk", "en"], "Europe/Kyiv", "UA")
    assert settings.share_services == ["viber", "telegram", "whatsapp", "facebook"]
    assert {page.locale.language_code for page in HomePage.objects.select_related("locale")} == {"uk", "en"}
    live = Page.objects.live().filter(depth__gt=1).order_by("path")
    assert [(page.locale.language_code, page.slug) for page in live.select_related("locale")] == [
        ("uk", "home"),
        ("uk", "branches"),
        ("uk", "tsentralna-biblioteka"),
        ("uk", "filiia-park"),
        ("uk", "events"),
        ("uk", "news"),
        ("en", "home-en"),
        ("en", "branches"),
        ("en", "tsentralna-biblioteka"),
        ("en", "filiia-park"),
        ("en", "events"),
        ("en", "news"),
    ]
    for path in ("/uk/", "/en/", "/uk/events/", "/en/news/", "/en/branches/filiia-park/"):
        assert "Verbivka Library" in get(client, path) or "Вербівська бібліотека" in get(client, path)


def test_home_page_shows_its_sections_and_no_link_to_a_draft(network, client):
    html = get(client, "/uk/")

    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", html)
    assert [heading for heading in headings if heading in texts.words_in("uk")["home"].values()] == [
        "Що відбувається",
        "Новини",
    ]
    assert "Де зараз відчинено" in headings
    assert "staty-chytachem" not in html

    PlainPage.objects.get(slug="staty-chytachem", locale__language_code="uk").get_latest_revision().publish()

    assert 'href="/uk/staty-chytachem/"' in get(client, "/uk/")


def test_branch_without_hours_does_not_claim_to_be_closed(network, client):
    for path in ("/uk/", "/en/branches/", "/uk/branches/filiia-park/"):
        html = get(client, path)
        assert ("Зачинено" in html, "Closed" in html, "is-closed" in html) == (False, False, False)
    with override("en"):
        assert "Opening hours are not entered yet" in get(client, "/en/branches/")


def test_each_branch_has_a_group_that_may_work_in_every_language(network):
    assert [branch.is_central for branch in Branch.objects.order_by("pk")] == [True, False]
    for branch in Branch.objects.all():
        pages = BranchPage.objects.filter(translation_key=branch.translation_key)
        granted = GroupPagePermission.objects.filter(group__name__startswith=branch.key, page__in=pages)
        assert (pages.count(), granted.values("page").distinct().count()) == (2, 2)


def test_pages_that_law_and_custom_expect_are_drafts_with_questions(network, client):
    drafts = PlainPage.objects.filter(locale__language_code="uk").order_by("path")

    assert [(page.slug, page.live) for page in drafts] == [
        ("pro-biblioteku", False),
        ("kontakty", False),
        ("staty-chytachem", False),
        ("pravyla-korystuvannia", False),
        ("personalni-dani", False),
        ("zaiava-pro-dostupnist", False),
        ("publichna-informatsiia", False),
    ]
    assert (PlainPage.objects.count(), MissionPage.objects.filter(live=False).count()) == (14, 2)
    assert all("[" in page.get_latest_revision_as_object().body.raw_data[0]["value"] for page in drafts)
    response = client.get("/uk/kontakty/", headers={"host": network.hostname})
    assert response.status_code == 404


def test_every_draft_can_be_published_as_it_is(network):
    for page in Page.objects.filter(live=False, depth__gt=2).specific():
        page.full_clean()
        page.get_latest_revision().publish()

    assert not Page.objects.filter(live=False).exists()


def test_administrator_can_sign_in_and_terms_are_there(network):
    user = User.objects.get()

    assert (user.email, user.is_superuser, user.check_password(PASSWORD)) == ("olha@library.example", True, True)
    assert user.language == "uk"
    assert Audience.objects.filter(key="children").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("code", LANGUAGES)
def test_network_in_one_language_is_whole(code, client):
    start_network(plan_of(languages=code, name="Library", branches=["Парк"]), PASSWORD)

    html = get(client, f"/{code}/")

    assert "<h1>Library</h1>" in html
    assert Page.objects.filter(depth=2).count() == 1


def test_site_with_content_is_left_as_it_is(network):
    before = list(Page.objects.order_by("pk").values_list("pk", "title"))

    with pytest.raises(PlanError, match="has content already"):
        start_network(plan_of(email="nobody@library.example"), PASSWORD)

    assert list(Page.objects.order_by("pk").values_list("pk", "title")) == before
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_address_that_somebody_has_is_refused():
    User.objects.create_user("Olha@library.example")

    with pytest.raises(PlanError, match=r"somebody with the address olha@library\.example"):
        start_network(plan_of(), PASSWORD)


# --- The command ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_command_takes_a_file_and_options_that_win_over_it(tmp_path, monkeypatch):
    file = tmp_path / "network.toml"
    file.write_text(
        'languages = ["en"]\ncountry = "GB"\nemail = "a@library.example"\nbranches = ["Park"]\n[name]\nen = "Library"\n'
    )
    monkeypatch.setenv("CHITALNYA_ADMIN_PASSWORD", PASSWORD)
    said = io.StringIO()

    call_command("start_network", from_file=file, zone="Europe/London", email="b@library.example", stdout=said)

    network = Network.for_site(Site.objects.get())
    assert (network.name, network.zone, User.objects.get().email) == (
        {"en": "Library"},
        "Europe/London",
        "b@library.example",
    )
    assert said.getvalue().splitlines()[-1].endswith("/admin/ as b@library.example.")


@pytest.mark.django_db
def test_command_reads_the_password_from_its_input(monkeypatch):
    monkeypatch.delenv("CHITALNYA_ADMIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))

    call_command("start_network", name=["Library"], email="a@library.example", stdout=io.StringIO())

    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, "name = ", b"\xff\xfe"])
def test_command_refuses_in_words_and_leaves_nothing(tmp_path, monkeypatch, content):
    file = tmp_path / "network.toml"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.setenv("CHITALNYA_ADMIN_PASSWORD", PASSWORD)

    with pytest.raises(CommandError, match="can't be read"):
        call_command("start_network", from_file=file)
    with pytest.raises(CommandError, match="A name is missing") as refused:
        call_command("start_network", email="nobody")

    assert "e-mail address" in str(refused.value)
    assert not User.objects.exists()


# --- Questions at a terminal ------------------------------------------------------------------------------------------


class Typist(questions.Terminal):
    """Answers from a list, and remembers what was asked and said."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.seen = list(answers), []

    def say(self, text: str = "") -> None:
        self.seen.append(text.strip())

    def read(self, prompt: str) -> str:
        self.seen.append(prompt.strip())
        return self.answers.pop(0)

    read_secret = read


NAME, PARK, ADDRESS = "Вербівська бібліотека", "Філія «Парк»", "olha@library.example"


def test_questions_propose_what_the_country_has():
    typist = Typist("", "", NAME, "", "", PARK, "", ADDRESS, PASSWORD, PASSWORD, "")

    values, password = questions.ask(typist, "uk_UA.UTF-8")

    assert (values, password, typist.answers) == (
        {
            "name": {"uk": NAME},
            "languages": ["uk", "en"],
            "country": "UA",
            "zone": "Europe/Kyiv",
            "branches": [{"uk": PARK}],
            "email": ADDRESS,
        },
        PASSWORD,
        [],
    )
    assert problems(from_values(values), password) == []


def test_language_is_asked_first_where_the_environment_names_none():
    typist = Typist("9", "2", "UA", "uk", NAME, "", "", ADDRESS, PASSWORD, PASSWORD, "")

    values, _password = questions.ask(typist, "C.UTF-8")

    assert values["languages"] == ["uk"]
    assert typist.seen[:3] == [
        "1 English   2 Українська   3 Русский   4 Македонски",
        "Language / Мова / Язык / Јазик [1]:",
        "1–4",
    ]


def test_faults_are_named_and_asked_again():
    wrong = ("Atlantis", "UA", "uk,de", "uk", "x" * 121, NAME, "Kiev", "", PARK, PARK, "", "olha", ADDRESS)
    typist = Typist(*wrong, "password", PASSWORD, "another", PASSWORD, PASSWORD, "")

    values, password = questions.ask(typist, "en_GB.UTF-8")

    assert (values["name"], values["zone"], values["branches"], password) == (
        {"uk": NAME},
        "Europe/Kyiv",
        [{"uk": PARK}],
        PASSWORD,
    )
    for word in ("no country", "no language de", "120", "Europe/Kyiv.", "same name", "valid email", "common", "else"):
        assert any(word in line for line in typist.seen), word


def test_answers_can_be_given_again_and_are_then_proposed():
    first = ("", "", "Verbivka", "GB", "Park", "", ADDRESS, PASSWORD, PASSWORD, "n")
    second = ("", "", "Verbivka Library", "", "", "", "", PASSWORD, PASSWORD, "")
    typist = Typist(*first[:3], "", *first[4:], *second)

    values, _password = questions.ask(typist, "en_GB.UTF-8")

    assert (values["name"], values["branches"], values["email"]) == (
        {"en": "Verbivka Library"},
        [{"en": "Park"}],
        ADDRESS,
    )


# --- The footer -------------------------------------------------------------------------------------------------------


def footer_of(html: str) -> list[str]:
    return re.findall(r'href="(/[^"?]*)"', html.split('<footer class="site-footer">')[1])


def test_footer_leads_to_the_sections_and_to_each_page_of_the_library_once_it_is_published(network, client):
    statement = PlainPage.objects.get(slug="zaiava-pro-dostupnist", locale__language_code="uk")
    path = f"/uk/{statement.slug}/"
    before = footer_of(get(client, "/uk/"))

    statement.get_latest_revision().publish(skip_permission_checks=True)
    bump(None)

    assert {"/uk/branches/", "/uk/events/", "/uk/news/"} <= set(before)
    assert (path in before, path in footer_of(get(client, "/uk/news/"))) == (False, True)
    assert ">The library</h2>" in get(client, "/en/")


def test_pages_that_wait_for_their_words_are_missed_by_nobody(network, rf):
    request, panels = rf.get("/admin/"), []
    request.user = User.objects.get()

    admin_navigation.add_panel(request, panels)

    assert {str(one.fault) for one in left_out(Navigation.for_site(network))} == {str(NOT_YET)}
    assert panels == []
