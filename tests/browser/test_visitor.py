"""The Visitor of the browser tests notices every request: otherwise they would prove nothing."""

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import NewVisitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

ASK = "address => fetch(address, { mode: 'no-cors' }).catch(() => undefined)"
GOOGLE = "https://www.google-analytics.com/collect"


@pytest.mark.parametrize("has_met_google", [False, True])
def test_every_request_to_a_third_party_is_noticed(
    new_visitor: NewVisitor, has_met_google: bool
) -> None:
    """Red when: `_on_request` of visitor.py accepts another port, host or scheme as ours."""
    visitor = new_visitor(bypass_csp=True)
    visitor.open("/kontakt/")
    if has_met_google:
        visitor.meet_google()
    port = urlsplit(visitor.origin).port
    others = [
        "https://other.example/",
        "http://other.localhost:1/",
        f"http://127.0.0.1:{int(port or 0) - 1}/",
        f"https://127.0.0.1:{port}/",
    ]

    for address in [*others, GOOGLE]:
        visitor.page.evaluate(ASK, address)

    asked = [problem for problem in visitor.problems if problem.startswith("asked: ")]
    assert asked == [f"asked: {address}" for address in others]
    assert visitor.google.requests == [GOOGLE]
    visitor.problems.clear()
