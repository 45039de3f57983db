"""What is said about hours that can't be read."""

from typing import Any

from django.utils.functional import Promise, lazy

Path = tuple[str | int, ...]
Message = str | Promise


class HoursError(ValueError):
    """Hours that can't be read: `code` for programs, `message` for people (translated when it is shown).

    `path` leads from the whole JSON value to the place, as in ("kinds", "staffed", "week", 0).
    """

    def __init__(self, code: str, message: Message, path: Path = ()) -> None:
        super().__init__(code, path)
        self.code = code
        self.message = message
        self.path = path

    def __str__(self) -> str:
        return str(self.message)


def filled(template: Message, **values: Any) -> Message:
    """Return a translatable message with its placeholders filled, still to be translated when it is shown."""
    return lazy(lambda: str(template) % values, str)()
