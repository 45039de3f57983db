"""The jobs of the accounts room."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from core.worker import register_job


@register_job("devices", every=timedelta(days=1))
def forget_devices(now: datetime) -> str:
    """Erase browser and network address of sessions that have ended or expired."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    count, _kinds = UserSession.objects.exclude(session_key__in=alive).delete()
    return _("Forgotten devices: %(count)d.") % {"count": count}
