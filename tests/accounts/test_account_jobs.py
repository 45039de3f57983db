"""What the accounts room forgets by itself."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.jobs import forget_devices
from core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def _device(user: User, key: str) -> None:
    UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", user_agent="Phone")


def test_devices_of_ended_and_expired_sessions_are_forgotten():
    now = timezone.now()
    user = User.objects.create_user("reader@library.example", "secret")
    for key, days in (("alive", 1), ("expired", -1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
        _device(user, key)
    _device(user, "ended")

    assert forget_devices(now) == "Forgotten devices: 2."
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["alive"]
