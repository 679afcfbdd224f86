"""What each role may do, written down once: Wagtail's page tree and collections carry the rights."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import connection
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from people.models import StaffRight, Team, User
from people.models.account import STAFF_GROUP as STAFF_GROUP
from projects.models import BodyPage

GROUP_NAME_LENGTH = 150
COLLECTION_NAME_LENGTH = 255

EDITOR_PAGE_PERMISSIONS = ("add_page", "change_page")
PUBLISH_PERMISSION = "publish_page"
STAFF_PAGE_PERMISSIONS = (
    *EDITOR_PAGE_PERMISSIONS,
    PUBLISH_PERMISSION,
    "bulk_delete_page",
    "lock_page",
    "unlock_page",
)
FILE_ACTIONS = ("add", "change", "choose")
# Wagtail asks for the permissions of its own models, whatever model stores the files.
FILE_MODELS = (("wagtailimages", "image"), ("wagtaildocs", "document"))
# What the staff keep, by app and model; apps above this one add theirs when they are ready. Register entries are not
# deleted: a reform ends a municipality, it does not unmake it.
STAFF_MODELS: dict[str, dict[str, str]] = {
    "projects": {
        "fieldofaction": "add change delete view",
        "artefactkind": "add change delete view",
        "licence": "add change delete view",
        "ozgfield": "add change view",
        "centralsolution": "add change delete view",
        "ozgservice": "add change view",
        "servicekey": "add change view",
        "projecttag": "add change delete view",
        "reviewinterval": "change view",
        "municipality": "add change view",
        "association": "add change view",
        "district": "add change view",
        "state": "change view",
    },
    "people": {"checkitem": "add change delete view", "queuedmail": "view"},
    "knowledge": {"barrierreport": "change view"},
    "wagtailredirects": {"redirect": "add change delete view"},
}


def permission(app_label: str, codename: str) -> Permission:
    """The permission of that name. Raises Permission.DoesNotExist if the model is gone or the name is wrong."""
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def permissions(app_label: str, codenames: Iterable[str]) -> list[Permission]:
    """All of them in one query. Raises KeyError if one does not exist."""
    rows = Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
    found = {row.codename: row for row in rows}
    return [found[codename] for codename in codenames]


def grant_files(group: Group, collection: Collection) -> None:
    """Let the group add, change and choose images and documents of the collection."""
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=collection, permission=granted)
            for app_label, model in FILE_MODELS
            for granted in permissions(app_label, [f"{action}_{model}" for action in FILE_ACTIONS])
        ],
        ignore_conflicts=True,
    )


def grant_pages(group: Group, page: Page, codenames: tuple[str, ...]) -> None:
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=group, page=page, permission=granted)
            for granted in permissions("wagtailcore", codenames)
        ],
        ignore_conflicts=True,
    )


def create_team(body: BodyPage) -> Team:
    """Give a body its group and collection; its people see and change this subtree and no other."""
    name = f"{body.title} – {body.place_label or body.slug} [{body.pk}]"
    group = Group.objects.create(name=name[-GROUP_NAME_LENGTH:])
    group.permissions.add(permission("wagtailadmin", "access_admin"))
    collection = Collection(name=name[-COLLECTION_NAME_LENGTH:])
    Collection.get_first_root_node().add_child(instance=collection)
    grant_pages(group, Page.objects.get(pk=body.pk), EDITOR_PAGE_PERMISSIONS)
    grant_files(group, collection)
    return Team.objects.create(body=body, group=group, collection=collection)


def set_direct_publishing(team: Team, is_allowed: bool) -> None:
    """Let the team publish without a check beforehand, or no longer; on its own pages and those it acts for."""
    team.publishes_directly = is_allowed
    team.save(update_fields=["publishes_directly"])
    if is_allowed:
        for body in [team.body, *team.acts_for.all()]:
            grant_pages(team.group, Page.objects.get(pk=body.pk), (PUBLISH_PERMISSION,))
    else:
        GroupPagePermission.objects.filter(group=team.group, permission__codename=PUBLISH_PERMISSION).delete()


def is_staff(user: AbstractBaseUser | AnonymousUser) -> bool:
    """True for the centre's staff and for administrators."""
    return isinstance(user, User) and user.is_of_centre


def sync_staff_group() -> None:
    """Give the centre's staff the rights they were never given before; what an administrator took away stays away."""
    top = Collection.get_first_root_node()
    if top is None or not _can_be_noted():  # a database that was emptied, or one on its way back
        return
    group, is_new = Group.objects.get_or_create(name=STAFF_GROUP)
    for label in (*STAFF_MODELS, "wagtailcore", "wagtailadmin", "wagtailimages", "wagtaildocs"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    if is_new:
        StaffRight.objects.all().delete()
        group.permissions.add(permission("wagtailadmin", "access_admin"))
        if root := Page.get_first_root_node():
            grant_pages(group, root, STAFF_PAGE_PERMISSIONS)
        grant_files(group, top)
    elif not StaffRight.objects.exists():
        _note_rights_of_before(group)
    _give_new_rights(group)


def _can_be_noted() -> bool:
    return StaffRight._meta.db_table in connection.introspection.table_names()


def _give_new_rights(group: Group) -> None:
    known = set(StaffRight.objects.values_list("name", flat=True))
    for label, models in STAFF_MODELS.items():
        for model, actions in models.items():
            for codename in (f"{action}_{model}" for action in actions.split()):
                if f"{label}.{codename}" not in known:
                    group.permissions.add(permission(label, codename))
                    StaffRight.objects.create(name=f"{label}.{codename}")


def _note_rights_of_before(group: Group) -> None:
    """A group from before rights were noted: of a model it has any right for, it was given all there are."""
    given = set(group.permissions.values_list("content_type__app_label", "content_type__model"))
    names = [
        f"{label}.{action}_{model}"
        for label, models in STAFF_MODELS.items()
        for model, actions in models.items()
        if (label, model) in given
        for action in actions.split()
    ]
    StaffRight.objects.bulk_create(StaffRight(name=name) for name in names)
