"""People at a browser: what they open, and what went wrong behind the pages that they saw."""

from __future__ import annotations

from urllib.parse import urlsplit

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
