"""One-time links for signing in: for the librarian whose mail doesn't arrive and who has forgotten the password.

A link needs no table: it is signed, and bound to the state of the account that signing in changes.
"""

from datetime import datetime

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from core.models import User

SALT = "accounts.sign_in_link"


class LinkRefusedError(Exception):
    """The link is broken, too old, used, or the account has changed since it was made."""


def make_token(user: User, *, until: datetime) -> str:
    """Return the part of a link that signs `user` in once, before the aware moment `until`."""
    return signing.dumps({"user": user.pk, "until": int(until.timestamp()), "state": _state(user)}, salt=SALT)


def read_token(token: str, *, now: datetime) -> User:
    """Return whom a token would sign in, without using it; raise LinkRefusedError where it is good for nothing."""
    try:
        payload = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise LinkRefusedError from None
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user is None or now.timestamp() >= payload["until"] or not constant_time_compare(payload["state"], _state(user)):
        raise LinkRefusedError
    return user


def spend_token(token: str, *, now: datetime) -> User:
    """Return whom a token signs in and make it useless, for one caller only; raise LinkRefusedError for all others."""
    user = read_token(token, now=now)
    # Of two requests at the same moment only one finds the row as it was when the token was made.
    claimed = User.objects.filter(pk=user.pk, last_login=user.last_login).update(last_login=now)
    if not claimed:
        raise LinkRefusedError
    user.last_login = now
    return user


def _state(user: User) -> str:
    """Return a digest of what changes when the user signs in, or gets another password or address."""
    last_login = user.last_login.isoformat() if user.last_login else ""
    return salted_hmac(SALT, f"{user.pk}|{user.password}|{last_login}|{user.email}").hexdigest()
