"""The jobs of the core room."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core import outbox, scheduled_publishing
from core.domain import pictures, things
from core.worker import JobError, register_job


@register_job("outbox", every=timedelta(seconds=3))
def send_outbox(now: datetime) -> str:
    """Send the mails that are due."""
    report = outbox.send_due(now)
    if report.trouble:
        raise JobError(str(report), problems=[report.trouble])
    return str(report)


@register_job("publish-scheduled", every=timedelta(seconds=30))
def publish_scheduled(now: datetime) -> str:
    """Publish and unpublish what editors scheduled."""
    report = scheduled_publishing.publish_due(now)
    if report.problems:
        raise JobError(str(report), problems=report.problems)
    return str(report)


@register_job("things", every=timedelta(days=1))
def compare_things(now: datetime) -> str:
    """Compare every thing with its source page; what differs is named, and `manage.py things --repair` mends it."""
    problems = [f"{record.key}: {', '.join(names)}" for record, names in things.all_drift()]
    if problems:
        raise JobError(
            _("Things that differ from their source: %(count)d.") % {"count": len(problems)}, problems=problems
        )
    return _("All things agree with their sources.")


@register_job("forget", every=timedelta(hours=6))
def forget(now: datetime) -> str:
    """Erase what has been kept for as long as the table of retention allows."""
    return _("Mails erased: %(count)d.") % {"count": outbox.erase_settled(now)}


@register_job("sessions", every=timedelta(days=1))
def clear_sessions(now: datetime) -> str:
    """Delete expired sessions."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return _("Expired sessions deleted.")


@register_job("picture-sizes", every=timedelta(seconds=5))
def render_picture_sizes(now: datetime) -> str:
    """Render the sizes of pictures that were uploaded or changed, before the first reader asks for them."""
    done, problems = pictures.render_due_sizes(most=20)
    report = _("Pictures rendered: %(count)d.") % {"count": done}
    if problems:
        raise JobError(report, problems=problems)
    return report


@register_job("pictures-expire", every=timedelta(minutes=1))
def expire_pictures(now: datetime) -> str:
    """Take down the pictures whose last day is over."""
    return _("Pictures taken down or brought back: %(count)d.") % {"count": pictures.expire(timezone.localdate(now))}
