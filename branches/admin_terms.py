"""What branches offer and the districts near them, in the admin."""

from __future__ import annotations

from branches.models import District, Facility, Service
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


class DistrictViewSet(TermViewSet):
    """Districts."""

    model = District
    name = "districts"
    icon = "site"
