"""Everything can be reached and used with the keyboard alone, and it shows where one is."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement"
# What a person sees of the focus: a ring, or a change that has the same strength.
RING = f"getComputedStyle({FOCUSED}).outlineStyle + ' ' + getComputedStyle({FOCUSED}).outlineWidth"
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


@pytest.mark.parametrize("path", ["/uk/", "/uk/events/"])
def test_focus_is_seen_wherever_it_is(visitor, path):
    visitor.open(path)
    unseen = []
    for _press in range(30):
        visitor.page.keyboard.press("Tab")
        style, width = visitor.page.evaluate(RING).split()
        if style == "none" or float(width.removesuffix("px")) < 2 or not visitor.page.evaluate(IN_VIEW):
            unseen.append(visitor.page.evaluate(f"{FOCUSED}.outerHTML"))

    assert unseen == []


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

    assert visitor.page.locator("#filter-branch").input_value() == key
    places = visitor.page.locator(".day .event-row .row-facts span:first-child").all_inner_texts()
    assert set(places) == {name}
    assert visitor.complaints == []
