"""A draft that is sent after the session ended, or with an old token, is not lost."""

import pytest
from django.test import Client

from tests.pages import Page
from tests.privacy.policies.colleagues import LIST, stored
from tests.privacy.policies.drafts import make_draft

pytestmark = pytest.mark.django_db

TYPED = "## 0. Wstęp\n\n0.1 Zebra „<b>”."


def test_a_draft_that_is_sent_after_the_session_ended_is_kept(anna) -> None:
    """Red when: the answer is a redirect to the login, which loses the text."""
    version = make_draft()
    form = anna.form(version) | {"section_0_pl": TYPED, "then": "submit"}
    anna.client.logout()

    response = anna.post(version, **form)

    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    kept = Page(response.content).form_fields
    assert kept["section_0_pl"] == TYPED
    assert kept["then"] == "submit"
    assert stored(version).text_pl == version.text_pl

    anna.client.force_login(anna.user)
    assert anna.post(version, **kept | {"then": "save"}).status_code == 302
    assert "Zebra" in stored(version).text_pl


def test_a_draft_with_the_token_from_before_another_login_is_kept(anna, settings) -> None:
    """Red when: the answer says only that the form did not come from our site."""
    version = make_draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna.user)
    address = f"{LIST}{version.pk}/change/"
    client.get(address)
    form = {"csrfmiddlewaretoken": "x" * 64, "section_0_pl": TYPED}
    form["revision"] = str(version.revision)

    response = client.post(address, form, headers={"Origin": settings.SITE_ORIGIN})

    assert response.status_code == 403
    kept = Page(response.content).form_fields
    assert kept["section_0_pl"] == TYPED
    sent = client.post(address, kept, headers={"Origin": settings.SITE_ORIGIN})
    assert sent.status_code == 302
