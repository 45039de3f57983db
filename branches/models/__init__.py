"""The models of the branches room."""

from branches.models.branch import Branch, BranchFacts, BranchIndexPage, BranchPage
from branches.models.terms import District, Facility, Service

__all__ = ["Branch", "BranchFacts", "BranchIndexPage", "BranchPage", "District", "Facility", "Service"]
