"""The mail address of an account, as allauth keeps it beside the user."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from core.models import User


@transaction.atomic
def vouch_for_address(user: User) -> None:
    """Make the user's own address proven, and the only one that leads to this account.

    An address that an administrator replaced must not open the account any longer; an address belongs to one account.
    """
    email = user.email.lower()
    others = EmailAddress.objects.filter(Q(user=user) | Q(email=email)).exclude(user=user, email=email)
    others.delete()
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
