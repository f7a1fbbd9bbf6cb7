"""Colleagues who write and publish policies, each with a browser of their own."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from privacy.models import PolicyVersion
from privacy.policies import actions
from tests.pages import Page
from tests.privacy.policies.drafts import make_draft

LIST = "/admin/privacy/policyversion/"


class Colleague:
    """One of the staff, with a browser that is signed in."""

    def __init__(self, name: str, *groups: str) -> None:
        self.user = User.objects.create_user(name, is_staff=True)
        self.user.groups.set(Group.objects.filter(name__in=groups))
        self.client = Client()
        self.client.force_login(self.user)

    def get(self, version: PolicyVersion, page: str = "change"):
        return self.client.get(f"{LIST}{version.pk}/{page}/")

    def post(self, version: PolicyVersion, page: str = "change", **form: str | list[str]):
        return self.client.post(f"{LIST}{version.pk}/{page}/", form)

    def form(self, version: PolicyVersion) -> dict[str, str]:
        """The fields that a browser sends of the editor without a change."""
        return Page(self.get(version).content).form_fields

    def step(self, version: PolicyVersion, page: str, **form: str | list[str]):
        """Take a step with a version as it is now."""
        revision = PolicyVersion.objects.get(pk=version.pk).revision
        return self.post(version, page, revision=str(revision), **form)


def stored(version: PolicyVersion) -> PolicyVersion:
    return PolicyVersion.objects.get(pk=version.pk)


def started(colleague: Colleague) -> PolicyVersion:
    response = colleague.client.post(f"{LIST}add/", {"policy": "privacy"})
    version = PolicyVersion.objects.latest("pk")
    assert response["Location"] == f"{LIST}{version.pk}/change/"
    return version


def submitted(author: Colleague, **fields: Any) -> PolicyVersion:
    version = make_draft(**fields)
    values = {"title_pl": "Nowy tytuł"}
    actions.save_draft(version=version, values=values, user=author.user, at=timezone.now())
    actions.submit(version=version, user=author.user, at=timezone.now())
    return version
