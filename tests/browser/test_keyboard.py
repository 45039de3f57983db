"""Everything can be reached and used with the keyboard alone, and it shows where one is."""

from __future__ import annotations

import pytest

from tests.browser.page_types import PAGES

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement"
# Numbers what Tab must come to, and counts it.
OFFERED = """(() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const all = [...document.querySelectorAll(wanted)];
  const shown = all.filter((one) => one.checkVisibility({ visibilityProperty: true }));
  // Of a group of radio buttons Tab comes to one.
  const found = shown.filter((one) => one.type !== "radio" || one.checked);
  found.forEach((one, number) => { one.dataset.number = number; });
  return found.length;
})()"""
# What a person sees of the focus: where it is, whether it has a ring, is on the screen, and is covered by nothing.
SEEN = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inView = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight;
  const line = one.getClientRects()[0] || box;
  const top = document.elementFromPoint(
    Math.min(Math.max(line.left + line.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(line.top + line.height / 2, 0), innerHeight - 1));
  const free = top !== null && (one.contains(top) || top.contains(one));
  return { number: Number(one.dataset.number ?? -1), well: ring && inView && free, html: one.outerHTML.slice(0, 120) };
})()"""
IN_VIEW = f"""(() => {{
  const box = {FOCUSED}.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight;
}})()"""


def tab_to(visitor, selector: str, most: int = 40) -> None:
    """Press Tab until the element has the focus."""
    for _press in range(most):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            return
    pytest.fail(f"Tab does not come to {selector}")


def test_first_tab_leads_past_the_menu(visitor):
    visitor.open("/uk/events/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate(f"{FOCUSED}.textContent") == "Перейти до вмісту"
    assert visitor.page.evaluate(IN_VIEW)

    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate(f"{FOCUSED}.id") == "content"
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate(f"{FOCUSED}.closest('main') !== null")


@pytest.mark.parametrize("width", [360, 1280])
def test_everything_on_every_page_is_reached_and_seen_with_tab(person, width):
    visitor = person(viewport={"width": width, "height": 740})
    unseen, missed = [], {}
    for name, path in PAGES.items():
        visitor.open(f"/uk/{path}")
        offered, reached = visitor.page.evaluate(OFFERED), set()
        for _press in range(offered + 5):
            visitor.page.keyboard.press("Tab")
            seen = visitor.page.evaluate(SEEN)
            if seen["number"] in reached or seen["number"] < 0:
                break
            reached.add(seen["number"])
            if not seen["well"]:
                unseen.append(f"{name}: {seen['html']}")
        if len(reached) < offered:
            missed[name] = (len(reached), offered)

    assert (unseen, missed) == ([], {})


def test_menu_leads_on_with_enter(visitor):
    visitor.open("/uk/")
    tab_to(visitor, ".main-menu a[href='/uk/news/']")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/uk/news/")

    assert visitor.heading == "Новини"


def test_events_are_filtered_with_the_keyboard(visitor):
    visitor.open("/uk/events/")
    tab_to(visitor, "#filter-branch")
    visitor.page.keyboard.press("ArrowDown")
    name = visitor.page.evaluate(f"{FOCUSED}.selectedOptions[0].text")
    key = visitor.page.locator("#filter-branch").input_value()
    assert key
    tab_to(visitor, "form.filters button")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**branch={key}**")

    # What was not filled in makes the address no longer.
    assert visitor.page.url.rpartition("/")[2] == f"?branch={key}"
    assert visitor.page.locator("#filter-branch").input_value() == key
    places = visitor.page.locator(".day .event-row .row-facts span:first-child").all_inner_texts()
    assert set(places) == {name}
    assert visitor.complaints == []
