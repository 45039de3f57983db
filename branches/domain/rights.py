"""A group per branch: one grant on the branch page of each language gives a branch its whole world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

if TYPE_CHECKING:
    from branches.models import Branch

PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
COLLECTION_PERMISSIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)


def group_name(branch: Branch) -> str:
    """Return the name of the group of a branch's editors."""
    return f"{branch.key} – editors"


def ensure_group(branch: Branch) -> Group:
    """Return the branch's group, with rights on its page in every language, its collection and the admin."""
    group, created = Group.objects.get_or_create(name=group_name(branch))
    if created:
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
            *Permission.objects.filter(codename="submit_translation"),
        )
        _grant_collection(group, branch)
    grant_pages(group, branch)
    return group


def grant_pages(group: Group, branch: Branch) -> None:
    """Give the group its rights on the branch page of each language that has one."""
    pages = Page.objects.filter(translation_key=branch.translation_key)
    permissions = list(Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS))
    grants = [
        GroupPagePermission(group=group, page=page, permission=permission)
        for page in pages
        for permission in permissions
    ]
    GroupPagePermission.objects.bulk_create(grants, ignore_conflicts=True)


def _grant_collection(group: Group, branch: Branch) -> None:
    root = Collection.get_first_root_node()
    collection = root.get_children().filter(name=branch.key).first() or root.add_child(name=branch.key)
    for permission in Permission.objects.filter(codename__in=COLLECTION_PERMISSIONS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
