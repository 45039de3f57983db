#!/usr/bin/env python
"""Run a management command with `site/` on the import path."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Hand over to Django."""
    root = Path(__file__).resolve().parent
    sys.path.insert(0, str(root / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
