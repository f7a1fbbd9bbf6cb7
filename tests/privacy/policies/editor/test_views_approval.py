"""Staff read that nobody has approved the first version; one who may publish approves it."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from privacy.models import PolicyCode, PolicyStep, PolicyVersion
from privacy.policies import actions
from privacy.roles import DATA_PROTECTION, EDITORS, PUBLISHERS
from tests.pages import Page
from tests.privacy.policies.colleagues import LIST, Colleague
from tests.privacy.policies.drafts import make_draft, make_published, publish

pytestmark = pytest.mark.django_db

NOBODY = "nikt jej jeszcze nie zatwierdził"
NOBODY_IN_THE_LOG = "Nikt nie zatwierdził tej wersji"


@pytest.fixture
def first() -> PolicyVersion:
    """The version that the seed has published."""
    return PolicyVersion.objects.get()


def main_text(colleague: Colleague, version: PolicyVersion) -> str:
    return Page(colleague.get(version).content).one("main").text


def log_text(colleague: Colleague, version: PolicyVersion) -> str:
    return Page(colleague.get(version).content).one("section", class_="steps").text


def approve_buttons(colleague: Colleague, version: PolicyVersion) -> int:
    action = f"{LIST}{version.pk}/approve/"
    return len(Page(colleague.get(version).content).all("form", action=action))


def approvals() -> list[User | None]:
    return [step.user for step in PolicyStep.objects.filter(kind=PolicyStep.Kind.APPROVED)]


@pytest.mark.parametrize("group", [EDITORS, PUBLISHERS, DATA_PROTECTION])
def test_everybody_who_may_see_policies_reads_that_nobody_has_approved_it(first, group) -> None:
    """Red when: first page, version's page or log are silent to a group, or no link leads there."""
    colleague = Colleague("ola", group)

    home = Page(colleague.client.get("/admin/").content)
    [reminder] = [link for link in home.all("a") if NOBODY in link.text]

    assert reminder.text.startswith("Wersja 1 dokumentu „polityka prywatności” obowiązuje")
    assert reminder["href"] == f"{LIST}{first.pk}/change/"
    assert NOBODY in main_text(colleague, first)
    assert NOBODY_IN_THE_LOG in log_text(colleague, first)


def test_staff_who_may_not_see_policies_read_nothing(reader) -> None:
    """Red when: the reminder is shown whatever the permissions."""
    response = reader.client.get("/admin/")

    assert response.status_code == 200
    assert NOBODY not in response.text


def test_only_a_person_who_may_publish_has_the_button(first, anna, jan) -> None:
    """Red when: an editor sees a button, or the address asks for no permission."""
    assert (approve_buttons(anna, first), approve_buttons(jan, first)) == (0, 1)

    assert anna.step(first, "approve").status_code == 403
    assert approvals() == []


def test_the_page_shows_the_whole_text_in_both_languages(first, jan) -> None:
    """Red when: a publisher has to open the text before it can be read."""
    page = Page(jan.get(first).content)

    assert page.one("details", open="")
    for language in ("pl", "en"):
        text = page.one("div", id=f"id_section_14_{language}").text
        assert "gdpr@voipstudio.pl" in text or "marketing@voipstudio.pl" in text


def test_opening_the_page_approves_nothing(first, jan) -> None:
    """I15 (only a POST acts). Red when: the address of the button acts on GET or HEAD."""
    jan.get(first)

    assert jan.get(first, "approve").status_code == 405
    assert jan.client.head(f"{LIST}{first.pk}/approve/").status_code == 405
    assert approvals() == []


def test_the_button_approves_and_nobody_is_reminded_again(client, first, jan) -> None:
    """Red when: the log does not name the person, or what readers get changes."""
    public = [
        "/polityka-prywatnosci/wersje/",
        "/en/privacy-policy/versions/",
        "/polityka-prywatnosci/wersje/1/plik/",
    ]
    before = [client.get(address).content for address in public]

    response = jan.step(first, "approve")

    assert response["Location"] == f"{LIST}{first.pk}/change/"
    assert approvals() == [jan.user]
    assert "zatwierdzona jan" in log_text(jan, first)
    assert NOBODY_IN_THE_LOG not in log_text(jan, first)
    assert NOBODY not in main_text(jan, first)
    assert approve_buttons(jan, first) == 0
    assert NOBODY not in jan.client.get("/admin/").text
    assert [client.get(address).content for address in public] == before


def test_a_second_person_reads_that_nothing_was_done(first, jan) -> None:
    """Red when: Stale is swallowed, or logs a second step."""
    ola = Colleague("ola", PUBLISHERS)
    jan.step(first, "approve")

    response = ola.step(first, "approve")

    assert response.status_code == 409
    assert Page(response.content).one("p", class_="errornote").text.startswith("Nic nie zrobiono")
    assert approvals() == [jan.user]


def test_the_writer_of_the_text_reads_who_else_may_approve_it() -> None:
    """Red when: NotPublishable is not answered, or a writer has the button."""
    both = Colleague("both", EDITORS, PUBLISHERS)
    version = make_draft(policy=PolicyCode.TERMS)
    values = {"title_pl": "Tytuł"}
    actions.save_draft(version=version, values=values, user=both.user, at=timezone.now())
    publish(version, at=timezone.now())

    response = both.step(version, "approve")

    assert response.status_code == 422
    assert "POLICY_FOUR_EYES" in Page(response.content).one("p", class_="errornote").text
    assert approve_buttons(both, version) == 0
    assert approvals() == []


def test_a_version_that_a_person_published_asks_for_nothing(first, anna, jan) -> None:
    """Red when: a version with a publisher has the button, or its log says that nobody approved it."""
    version = make_draft(policy=PolicyCode.TERMS)
    actions.submit(version=version, user=anna.user, at=timezone.now())
    jan.step(version, "publish")

    assert approve_buttons(jan, version) == 0
    assert NOBODY not in main_text(jan, version)
    assert NOBODY_IN_THE_LOG not in log_text(jan, version)


def test_a_superseded_version_keeps_its_log_and_asks_for_nothing(first, jan) -> None:
    """Red when: staff are led to a text that is not in force any more."""
    make_published("second")

    assert NOBODY not in jan.client.get("/admin/").text
    assert approve_buttons(jan, first) == 0
    assert NOBODY_IN_THE_LOG in log_text(jan, first)
