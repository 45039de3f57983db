"""Whether the installation is well: database, migrations, outbox, worker."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import Job, OutboxMessage

# The hook of this room: a higher one registers for "what else should staff know?" and answers under the part's name.
staff_parts: dict[str, Callable[[], object]] = {}

WORKER_SILENCE = timedelta(minutes=5)
OUTBOX_AGE = timedelta(hours=1)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the site can be used, 503 else, with one word per part; tell staff when each job ended last."""
    parts: dict[str, object] = {
        "database": _database(),
        "migrations": _migrations(),
        "worker": _worker(),
        "jobs": _jobs(),
        "outbox": _outbox(),
    }
    if _may_see_more(request):
        parts["last_finished"] = _last_finished()
        parts |= {name: _asked(part) for name, part in staff_parts.items()}
    usable = parts["database"] == "ok" and parts["migrations"] == "ok"
    return JsonResponse({"status": "ok" if usable else "failing", **parts}, status=200 if usable else 503)


def _may_see_more(request: HttpRequest) -> bool:
    try:
        return request.user.has_perm("wagtailadmin.access_admin")
    except Exception:
        return False


def _asked(part: Callable[[], object]) -> object:
    try:
        return part()
    except Exception:
        return "unknown"


def _last_finished() -> dict[str, datetime | None] | str:
    try:
        return dict(Job.objects.values_list("name", "last_finished"))
    except Exception:
        return "unknown"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok"
    except Exception:
        return "unreachable"


def is_migrated() -> bool:
    """Return whether the database is as the code expects it."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _migrations() -> str:
    try:
        return "ok" if is_migrated() else "missing"
    except Exception:
        return "unknown"


def _worker() -> str:
    try:
        recent = Job.objects.filter(last_finished__gte=timezone.now() - WORKER_SILENCE).exists()
        return "ok" if recent else "silent"
    except Exception:
        return "unknown"


def _jobs() -> str:
    try:
        failed = Job.objects.troubled().values_list("name", flat=True)
        return ", ".join(["failing", *failed]) if failed else "ok"
    except Exception:
        return "unknown"


def _outbox() -> str:
    try:
        late = OutboxMessage.objects.filter(state="waiting", created_at__lt=timezone.now() - OUTBOX_AGE).exists()
        return "late" if late else "ok"
    except Exception:
        return "unknown"
