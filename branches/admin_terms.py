"""What branches offer, in the admin."""

from __future__ import annotations

from branches.models import Facility, Service
from core.admin_terms import TermViewSet


class FacilityViewSet(TermViewSet):
    """Facilities."""

    model = Facility
    name = "facilities"
    icon = "key"


class ServiceViewSet(TermViewSet):
    """Services."""

    model = Service
    name = "services"
    icon = "tasks"
