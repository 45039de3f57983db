"""Which stores hold personal data, how long, and which job forgets; docs/privacy.md says the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Store:
    """A place with personal data: its name as the table of docs/privacy.md has it, and who forgets.

    `setting` names the setting that holds the number of days, `jobs` the worker's jobs that erase. A store with neither
    is kept with what it belongs to, or by whoever runs the site.
    """

    name: str
    setting: str = ""
    jobs: tuple[str, ...] = ()

    @property
    def days(self) -> int | None:
        """How long it is kept, None where no number of days says so."""
        return getattr(settings, self.setting) if self.setting else None


STORES = (
    Store("accounts"),
    Store("sessions", jobs=("sessions", "devices")),
    Store("outbox", setting="OUTBOX_KEEP_DAYS", jobs=("forget",)),
    Store("sign-in limits"),
    Store("page history of Wagtail"),
    Store("log of operations"),
    Store("pictures"),
    Store("server log"),
    Store("cookie `display`"),
    Store("backups"),
)
