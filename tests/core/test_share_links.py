"""Links to services: the address and the title arrive whole, and each country has its own set."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core.enums import ShareService
from core.share_links import share_links, usual_services

ADDRESS = "https://library.example/uk/events/chess/?date=2030-01-08T18:00"
TITLE = "Шахи & чай: 100% «ґедзь»? #1"


def _asked(link) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link.address).query, strict_parsing=True)


def test_each_service_gets_address_and_title():
    links = share_links([service.value for service in ShareService], address=ADDRESS, title=TITLE)

    assert {link.name: _asked(link) for link in links} == {
        "Viber": {"text": [f"{TITLE}\n{ADDRESS}"]},
        "Telegram": {"url": [ADDRESS], "text": [TITLE]},
        "WhatsApp": {"text": [f"{TITLE}\n{ADDRESS}"]},
        "Facebook": {"u": [ADDRESS]},
        "VK": {"url": [ADDRESS], "title": [TITLE]},
    }
    assert [link.address.partition("?")[0] for link in links] == [
        "viber://forward",
        "https://t.me/share/url",
        "https://wa.me/",
        "https://www.facebook.com/sharer/sharer.php",
        "https://vk.com/share.php",
    ]


def test_only_chosen_services_are_linked_in_their_usual_order():
    links = share_links(["whatsapp", "viber", "myspace"], address=ADDRESS, title=TITLE)

    assert [link.name for link in links] == ["Viber", "WhatsApp"]


@pytest.mark.parametrize(
    ("country", "vk", "facebook"), [("UA", False, True), ("ua", False, True), ("RU", True, False), ("KZ", True, True)]
)
def test_country_decides_with_which_services_a_network_begins(country, vk, facebook):
    services = usual_services(country)

    assert ("vk" in services, "facebook" in services) == (vk, facebook)


def test_country_that_nobody_named_has_all_but_vk():
    assert usual_services("") == usual_services("MK") == ["viber", "telegram", "whatsapp", "facebook"]
