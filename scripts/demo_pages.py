"""One page of each type in the demo, by its path behind the language, for whatever looks at them all."""

PAGES = {
    "home": "",
    "agenda": "events/",
    "month": "events/?view=month",
    "event": "branches/central/chytatske-kolo/",
    "news": "news/",
    "article": "branches/mill/kishka-bilia-mlyna/",
    "branches": "branches/",
    "branch": "branches/central/",
    "mission": "mission/",
    "plain-page": "accessibility/",
    "search": "search/?q=книга",
    "not-found": "nothing-here/",
}
