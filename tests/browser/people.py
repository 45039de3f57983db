"""People at a browser: what they open, and what went wrong behind the pages that they saw."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

PATIENCE = 30_000


class Visitor:
    """A person with a browser of their own; remembers every error and every request that left the site."""

    def __init__(self, context: BrowserContext, site: str):
        self.context = context
        self.site = site
        self.complaints: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("request", self._look_at_request)
        context.on("console", self._look_at_message)
        context.on("weberror", self._look_at_error)
        self.page: Page = context.new_page()

    def open(self, path: str) -> Response:
        """Go to an address of the site, or to any."""
        answer = self.page.goto(path if "://" in path else self.site + path)
        assert answer is not None
        return answer

    def follow(self, name: str, *, within: str = "body") -> None:
        """Click the link that says exactly this."""
        self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()

    @property
    def path(self) -> str:
        """The path of the shown page."""
        return urlsplit(self.page.url).path

    @property
    def heading(self) -> str:
        """The one first heading of the shown page."""
        headings = self.page.locator("h1").all_inner_texts()
        assert len(headings) == 1, f"{self.page.url} has {len(headings)} first headings"
        return headings[0].strip()

    @property
    def language(self) -> str | None:
        """The language that the page says it is in."""
        return self.page.locator("html").get_attribute("lang")

    def _look_at_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:", "blob:")):
            self.complaints.append(f"A request left the site: {request.url}")

    def _look_at_message(self, message: ConsoleMessage) -> None:
        # A breach of the content security policy is an error of the console, too.
        if message.type in ("error", "warning"):
            self.complaints.append(f"Console of {message.location.get('url', '')}: {message.text}")

    def _look_at_error(self, error: WebError) -> None:
        self.complaints.append(f"Script: {error.error}")


class Librarian(Visitor):
    """Somebody who writes in the admin, in a language of their own; finds things by the names of their fields."""

    def sign_in(self, mail: str, password: str) -> None:
        """Come in by the one door."""
        self.open("/admin/")
        self.page.locator("input[name=login]").fill(mail)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url("**/admin/")

    def work_in(self, code: str) -> None:
        """Choose the language of the admin."""
        self.open("/admin/account/")
        self.page.locator("select[name$=preferred_language]").select_option(code)
        self.page.locator("main form button[type=submit]").last.click()
        self.page.wait_for_url("**/admin/account/")

    def add(self, room: str, place: str) -> None:
        """Open the form of a new page from its list: "events" or "news", and where it belongs."""
        self.open(f"/admin/{room}/")
        self.page.locator(f"a[href^='/admin/{room}/add/']").first.click()
        self.page.locator(".c-places").get_by_role("link", name=place, exact=True).click()
        self.page.locator("[name=title]").wait_for()

    def fill(self, **fields: str) -> None:
        """Type into fields, leaving each as a person does, so that no list of times hides the next."""
        for name, text in fields.items():
            field = self.page.locator(f"#page-edit-form [name={name}]")
            field.fill(text)
            field.press("Tab")
        # The next field may have opened a list of times, which closes when somebody clicks elsewhere.
        self.page.locator("#page-edit-form [name=title]").click()

    def publish(self, *, asked: bool = False) -> None:
        """Publish what the form says; `asked`: say that what becomes of its dates is right."""
        self.page.locator("footer [data-w-dropdown-target=toggle]").click()
        self.page.locator("footer [name=action-publish], [data-tippy-root] [name=action-publish]").first.click()
        if asked:
            self.page.locator("[name=action-publish][value=yes]").click()
        self.page.locator(".messages .success").wait_for()

    def edit(self, room: str, title: str) -> None:
        """Open the form of a page from its list."""
        self.open(f"/admin/{room}/?q={quote(title)}")
        self.page.locator("main table").get_by_role("link", name=title, exact=True).click()
        self.page.locator("[name=title]").wait_for()

    def translate_into(self, language: str, words: dict[str, str]) -> None:
        """Have the page of the open form translated with wagtail-localize: its sentences one by one, then publish."""
        self.page.locator(".w-slim-header [data-controller~=w-dropdown] button").first.click()
        self.page.locator("a[href*='/localize/submit/page/']:visible").first.click()
        self.page.get_by_label(language, exact=True).check()
        self.page.locator("main form [type=submit]").first.click()
        for sentence, translated in words.items():
            segment = self.page.locator("li", has=self.page.locator("p", has_text=sentence)).last
            segment.get_by_role("button").click()
            segment.locator("textarea").fill(translated)
            segment.get_by_role("button").last.click()
            self.page.get_by_text(translated, exact=True).and_(self.page.locator("p")).wait_for()
        self.page.locator("footer button[name=action][value=publish]").click()
        self.page.locator(".messages .success").wait_for()
