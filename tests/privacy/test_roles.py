"""The groups that every `migrate` adds."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from privacy.roles import DATA_PROTECTION, EDITORS, PUBLISHERS, make_groups

pytestmark = pytest.mark.django_db


def codenames(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_editors_write_and_publishers_publish() -> None:
    """Red when: the receiver runs before the permissions exist, or is not connected."""
    assert codenames(EDITORS) == {
        "view_policyversion",
        "add_policyversion",
        "change_policyversion",
    }
    assert codenames(PUBLISHERS) == {"view_policyversion", "publish_policyversion"}


def test_those_who_protect_data_read_the_record_and_keep_the_recipients() -> None:
    """Red when: the permission of the record does not exist, or its group does not."""
    assert codenames(DATA_PROTECTION) == {
        "view_policyversion",
        "view_processingrecord",
        "view_purgerun",
        "view_recipient",
        "add_recipient",
        "change_recipient",
        "delete_recipient",
        *(
            f"{verb}_{case}"
            for case in ("datarequest", "erasurecase", "restriction", "legalhold")
            for verb in ("view", "add", "change")
        ),
    }


def test_changes_of_staff_to_the_groups_stay() -> None:
    """Red when: each migration sets the permissions anew."""
    Group.objects.get(name=EDITORS).permissions.clear()
    Group.objects.get(name=PUBLISHERS).delete()

    make_groups(apps.get_app_config("privacy"), using="default")

    assert codenames(EDITORS) == set()
    assert codenames(PUBLISHERS) == {"view_policyversion", "publish_policyversion"}
