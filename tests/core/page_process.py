"""A reader in a process of its own: `python -m tests.core.page_process DATABASE DATA_FOLDER [REDIS_KEY CACHE_PREFIX]`.

It serves this site behind its page cache, on the database and data folder of the test that started it: each line on its
standard input is a request as JSON (path, headers), each line that it writes the answer's status and X-Cache.
"""

import json
import sys
from pathlib import Path


def main(database: str, folder: str, redis_key: str = "", prefix: str = "") -> None:
    """Answer until the input ends."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.DATA_DIR = Path(folder)
    settings.PAGE_CACHE = True
    if redis_key:
        # What keeps tests apart that run beside each other.
        settings.CACHES["default"]["KEY_PREFIX"] = prefix
    django.setup()
    if redis_key:
        from core import redis_generation

        redis_generation.KEY = redis_key

    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    handler, requests = WSGIHandler(), RequestFactory()
    for line in sys.stdin:
        asked = json.loads(line)
        request = requests.generic(asked["method"], asked["path"], headers={"host": "localhost"} | asked["headers"])
        response = handler.get_response(request)
        sys.stdout.write(json.dumps([response.status_code, response.headers.get("X-Cache", "")]) + "\n")
        sys.stdout.flush()
        response.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
