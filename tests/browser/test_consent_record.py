"""An officer looks at a choice in Chromium: the question in its frames, inert and in the site's style."""

import pytest

from consent.models import ConsentRecord
from tests.browser.test_erasure import NewColleague, new_colleague
from tests.browser.test_staff_login import WIDTHS, problems_on_phone_and_desk
from tests.browser.visitor import Visitor
from tests.evidence.seal.sealed import seal
from tests.factories import make_client, post_choice
from tests.run_once import acts_in_the_browser

# tests/consent/staff has the same pages without a browser, on both databases.
pytestmark = acts_in_the_browser

__all__ = ["new_colleague"]  # fixtures

LIST = "/admin/consent/consentrecord/"


def open_record(visitor: Visitor, place: str) -> ConsentRecord:
    """A visitor agrees and later refuses; the officer opens the refusal."""
    client = make_client()
    post_choice(client, "accept", place=place, path="/en/cookies/", next="/en/")
    post_choice(client, "reject", place=place, path="/en/cookies/", next="/en/")
    seal()
    record = ConsentRecord.objects.get(is_refusal=True)
    visitor.open(f"{LIST}{record.pk}/change/")
    return record


@pytest.mark.parametrize("has_javascript", [True, False])
def test_the_banner_stands_in_its_frame_and_does_nothing(
    new_colleague: NewColleague, has_javascript: bool
) -> None:
    """Red when: the stylesheet may not be loaded in the frame, or its form or links lead anywhere."""
    visitor = new_colleague(has_javascript=has_javascript)
    page = visitor.page
    open_record(visitor, "banner")
    number = ConsentRecord.objects.count()

    frame = page.frame_locator("iframe.shown--banner")
    refuse = frame.get_by_role("button", name="Reject all")
    accept = frame.get_by_role("button", name="Accept all")
    boxes = [button.bounding_box() for button in (refuse, accept)]
    assert boxes[0]
    assert boxes[1]
    # The style of the site makes both the same.
    assert [boxes[0][side] for side in ("width", "height")] == pytest.approx(
        [boxes[1][side] for side in ("width", "height")]
    )
    assert boxes[0]["height"] >= 40
    address = page.url
    refuse.click()
    frame.get_by_role("link", name="Cookie settings").click()

    assert frame.get_by_role("heading", name="May we use cookies?").is_visible()
    assert page.url == address
    assert ConsentRecord.objects.count() == number
    assert len(page.context.pages) == 1
    # The groups are closed in the first frame and open in the second.
    assert not frame.get_by_text("Analytics", exact=True).is_visible()
    groups = page.frame_locator("iframe.shown--groups")
    assert groups.get_by_text("Analytics", exact=True).is_visible()
    blocked = {problem for problem in visitor.problems if "sandboxed" in problem}
    assert any("form submission" in problem for problem in blocked)
    # Chromium tells each attempt, those of the test tool to look into the frame included.
    visitor.problems = [problem for problem in visitor.problems if problem not in blocked]


@pytest.mark.parametrize("place", ["banner", "cookie-page"])
def test_the_page_is_readable_on_a_phone_and_on_a_desk(
    new_colleague: NewColleague, place: str
) -> None:
    """Red when: a hash or a frame makes the page wider than the window; axe finds something."""
    visitor = new_colleague()
    page = visitor.page
    open_record(visitor, place)
    for fold in page.locator("#content-main > section > details > summary").all():
        fold.click()
    page.frame_locator("iframe.shown--policy").locator("article").wait_for()

    problems = problems_on_phone_and_desk(page)

    assert problems == []
    frame = page.frames[1]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert not frame.evaluate("document.scrollingElement.scrollWidth > innerWidth")


def test_the_form_for_a_period_is_readable_too(new_colleague: NewColleague) -> None:
    """Red when: a field has no label, or an error is found by its color alone."""
    visitor = new_colleague()
    page = visitor.page
    visitor.open(f"{LIST}period/")
    assert problems_on_phone_and_desk(page) == []

    page.get_by_label("Ostatni dzień").fill("2020-01-01")
    visitor.expect_status(422)
    with page.expect_navigation():
        page.get_by_role("button", name="Pobierz zapisy").click()

    assert "Ostatni dzień jest wcześniejszy" in page.locator(".errorlist").inner_text()
    assert problems_on_phone_and_desk(page) == []


def test_a_period_is_chosen_and_downloaded(new_colleague: NewColleague) -> None:
    """Red when: the link or the form needs a script, or the answer is shown instead of stored."""
    visitor = new_colleague(has_javascript=False)
    page = visitor.page
    open_record(visitor, "banner")
    visitor.open(LIST)
    page.get_by_role("link", name="Zapisy z okresu jako plik").click()

    with page.expect_download() as download:
        page.get_by_role("button", name="Pobierz zapisy").click()

    lines = download.value.path().read_text().splitlines()
    assert sum('"kind":"record"' in line for line in lines) == 2
    assert '"kind":"end"' in lines[-1]
