"""People who sign in: staff and visitors alike, named by their mail address."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class PeopleManager(UserManager):
    """Creates users by mail address."""

    @classmethod
    def normalize_email(cls, email):
        """Return the address in lower case, as sign-in by code looks for it."""
        return super().normalize_email(email).lower()

    def _create_user_object(self, username, email, password, **extra_fields):
        user = self.model(email=self.normalize_email(email or username), **extra_fields)
        user.set_password(password)
        return user

    def create_user(self, email=None, password=None, **extra_fields):
        """Return a new visitor."""
        return super().create_user(email, email, password, **extra_fields)

    def create_superuser(self, email=None, password=None, **extra_fields):
        """Return a new administrator."""
        return super().create_superuser(email, email, password, **extra_fields)

    def get_by_natural_key(self, username):
        """Return the user with this address, in whatever case it was typed."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """Somebody with a mail address, who may have a name, a password and rights."""

    username = None
    email = models.EmailField(_("email address"), unique=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = PeopleManager()

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        constraints = [models.UniqueConstraint(Lower("email"), name="core_user_email_ignoring_case")]

    def __str__(self):
        return self.get_full_name() or self.email
