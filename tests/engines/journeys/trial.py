"""A visitor who refuses gets the trial: form, mail, button; with scripts and without."""

import pytest
from django.utils import timezone

from tests.browser.public_pages import LANGUAGES, path_of
from tests.browser.trial_steps import BUTTON, PERSON, links_in_mail, minutes_ago
from tests.engines.conftest import NewVisitor
from tests.engines.visitor import BANNER, TAG
from trial.models import SignUp


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_who_refuses_signs_up_and_confirms(
    new_visitor: NewVisitor, language: str, has_scripts: bool
) -> None:
    """Red when: a page of the trial needs a script, a cookie or a grant, or has a tag."""
    form, started = path_of("free_trial", language), path_of("trial_started", language)
    visitor = new_visitor(has_scripts=has_scripts)
    visitor.open(path_of("home", language) + "?gclid=from-an-ad")
    visitor.refuse()

    with minutes_ago(1):  # nobody types as fast as a program
        visitor.follow(f"main a[href='{form}']", to=form)
    for name, value in PERSON.items():
        visitor.browser.type(f"#{name}", value)
    visitor.browser.click("#marketing_email")
    visitor.browser.click(BUTTON)
    visitor.wait_for("main [role=status] strong")
    assert visitor.text_of("main [role=status] strong") == PERSON["email"]
    assert SignUp.objects.get().name == PERSON["full_name"]

    visitor.open(links_in_mail()[0])
    visitor.browser.click(BUTTON)

    visitor.wait_for_path(started)
    sign_up = SignUp.objects.get()
    assert sign_up.is_running(at=timezone.now())
    assert [consent.channel for consent in sign_up.consents.all()] == ["email"]
    assert not visitor.has(TAG)
    assert not visitor.has(BANNER)
    assert visitor.stored == ["l7_choice"]
    assert visitor.abroad.asked == set()
