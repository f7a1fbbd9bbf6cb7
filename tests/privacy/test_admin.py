"""Staff edit a draft in both languages, publish it, and never change it again."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy import content
from privacy.models import PolicyVersion
from tests.pages import Page
from tests.privacy.drafts import make_draft

pytestmark = pytest.mark.django_db

LIST = "/admin/privacy/policyversion/"


@pytest.fixture
def staff(admin_user) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def _publish(client: Client, version: PolicyVersion):
    return client.post(LIST, {"action": "publish", "_selected_action": version.pk}, follow=True)


def test_a_new_draft_starts_from_the_version_in_force_in_both_languages(staff) -> None:
    """Red when: `get_changeform_initial_data` returns nothing."""
    form = Page(staff.get(f"{LIST}add/").content).form_fields

    in_force = PolicyVersion.objects.get(number=1)
    assert form["policy"] == "privacy"
    assert (form["title_pl"], form["title_en"]) == (in_force.title_pl, in_force.title_en)
    assert form["text_pl"] == in_force.text_pl
    assert form["text_en"] == in_force.text_en


def test_polish_and_english_stand_side_by_side(staff) -> None:
    """Red when: the texts are two rows of the fieldset."""
    page = Page(staff.get(f"{LIST}add/").content)

    polish, english = page.all("textarea")
    assert (polish["name"], english["name"]) == ("text_pl", "text_en")
    rows = [
        next(parent for parent in reversed(e.parents) if "form-row" in parent.classes)
        for e in (polish, english)
    ]
    assert rows[0] is rows[1]


def test_staff_write_a_draft_publish_it_and_the_page_changes(staff, client) -> None:
    """Red when: the action `publish` is taken from the admin."""
    form = Page(staff.get(f"{LIST}add/").content).form_fields
    form["text_pl"] = form["text_pl"].replace("0.1 ", "0.1 Zebra. ")
    form["text_en"] = form["text_en"].replace("0.1 ", "0.1 Zebra. ")

    assert staff.post(f"{LIST}add/", form).status_code == 302
    content.poll(timezone.now())
    assert b"Zebra" not in client.get("/polityka-prywatnosci/").content

    response = _publish(staff, PolicyVersion.objects.latest("pk"))
    content.poll(timezone.now())

    messages = Page(response.content).all(class_="success")
    assert messages[-1].text == "Opublikowano: polityka prywatności 2."
    assert b"Zebra" in client.get("/polityka-prywatnosci/").content
    assert b"Zebra" in client.get("/en/privacy-policy/").content


def test_a_draft_that_cannot_be_published_says_why_and_stays_a_draft(staff) -> None:
    """Red when: NotPublishable is swallowed."""
    version = make_draft(text_en="## 0. Introduction")

    response = _publish(staff, version)

    errors = [e.text for e in Page(response.content).all("li", class_="error")]
    assert len(errors) == 2
    assert not PolicyVersion.objects.latest("pk").is_published


def test_a_published_version_is_shown_but_has_no_field_to_change(staff) -> None:
    """Red when: `has_change_permission` ignores `is_published`."""
    version = PolicyVersion.objects.get(number=1)
    address = f"{LIST}{version.pk}/change/"

    page = Page(staff.get(address).content)

    assert page.all("textarea") == []
    assert [
        e["name"]
        for e in page.all("input")
        if e.get(
            "name",
        )
        in {"title_pl", "_save"}
    ] == []
    assert version.text_en.split("\n")[0] in page.one("main").text
    assert staff.post(address, {"title_pl": "Inny"}).status_code == 403
    assert staff.post(f"{LIST}{version.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_published_version_survives_the_deletion_of_selected_rows(staff) -> None:
    """Red when: only the button on the object's own page is taken away."""
    version = PolicyVersion.objects.get(number=1)

    staff.post(LIST, {"action": "delete_selected", "_selected_action": version.pk, "post": "yes"})

    assert PolicyVersion.objects.filter(pk=version.pk).exists()


def test_a_draft_can_be_deleted(staff) -> None:
    version = make_draft()

    assert staff.post(f"{LIST}{version.pk}/delete/", {"post": "yes"}).status_code == 302
    assert PolicyVersion.objects.count() == 1


def test_staff_who_may_only_look_cannot_publish(client) -> None:
    """Red when: the action asks for no permission."""
    user = User.objects.create_user("reader", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_policyversion"))
    client.force_login(user)
    version = make_draft()

    _publish(client, version)

    assert not PolicyVersion.objects.get(pk=version.pk).is_published


def admin_pages() -> list[str]:
    """The list and, where there is one, the empty form of every model in the admin."""
    pages = ["/admin/login/", "/admin/", "/admin/password_change/"]
    for model, options in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages.append(reverse(f"{name}_changelist"))
        if type(options).has_add_permission is admin.ModelAdmin.has_add_permission:
            pages.append(reverse(f"{name}_add"))
    return pages


def test_there_are_pages_of_the_admin_to_visit() -> None:
    assert len(admin_pages()) >= 18


@pytest.mark.parametrize("address", admin_pages())
def test_a_page_of_the_admin_works_under_the_strict_policy(staff, client, address: str) -> None:
    """Red when: a template of the admin brings an inline script, or the policy is loosened."""
    response = (client if address == "/admin/login/" else staff).get(address)

    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    page = Page(response.content)
    inline = [e for e in page.all("script") if "src" not in e.attributes]
    assert [e for e in inline if e.get("type") != "application/json"] == []
    assert page.all("style") == []
    assert page.with_attribute("style") == []
    handlers = [n for e in page.elements for n in e.attributes if n.startswith("on")]
    assert handlers == []
    assert [url for url in page.loaded if "//" in url] == []
