"""Every page of the admin under the strict Content-Security-Policy."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin_user) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def admin_pages() -> list[str]:
    """The list of every model in the admin, and its empty form if it has one."""
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
    assert [url for url in page.loaded_addresses if "//" in url] == []
