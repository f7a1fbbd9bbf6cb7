"""A visitor gets the receipt of their choice, and checks it in the browser, which asks nobody."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import ConsentRecord
from consent.receipts.receipt import receipt_of
from evidence.models import Checkpoint
from privacy.seals import daily
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from tests.consent.receipts.test_check import CHANGES, change
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

CHECK = "/en/cookies/check-receipt/"
CHECK_BUTTON = "[data-check-receipt] button"
SENTENCES = "#result li"
NO_RECEIPT = "This is not a receipt of ours, or a part of it is missing. Take the whole file, and nothing else."


def download(visitor: Visitor, path: Path) -> str:
    """Consent, follow the buttons to the receipt, and keep its file."""
    visitor.open("/en/cookies/")
    visitor.choose("preferences")
    visitor.open("/en/cookies/")
    with visitor.page.expect_navigation():
        visitor.page.locator("form[action='/en/cookies/receipt/'] button").click()
    assert "You gave consent to: Preferences" in visitor.page.inner_text("main")
    with visitor.page.expect_download() as started:
        visitor.page.locator("button[value=file]").click()
    started.value.save_as(path)
    return path.read_text(encoding="utf-8")


def sentences(visitor: Visitor, text: str) -> list[str]:
    """What the page says of a text, without a word to any server."""
    page = visitor.page
    page.evaluate("document.querySelector('#result').replaceChildren()")
    page.locator("textarea").fill(text)
    page.locator(CHECK_BUTTON).click()
    page.locator("#result > *").first.wait_for()
    found = page.locator("#result .notice").all_text_contents()
    return [
        " ".join(each.split()) for each in [*found, *page.locator(SENTENCES).all_text_contents()]
    ]


def sentences_of_the_server(text: str) -> list[str]:
    answer = Client().post(CHECK, {"receipt": text}).text
    result = answer.partition('id="result"')[2].partition("</ul>")[0]
    found = re.findall(r"<(?:li|(?:p|div) class=\"notice[^>]*)>(.*?)</(?:li|p)>", result, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", "", each).split()) for each in found]


def test_a_receipt_is_checked_with_the_network_cut(visitor: Visitor, tmp_path: Path) -> None:
    """Red when: the script asks the server for anything, or sends the receipt."""
    download(visitor, tmp_path / "before.json")
    assert daily.seal(timezone.now() + timedelta(days=1))
    text = json.dumps(receipt_of(ConsentRecord.objects.get()), ensure_ascii=False, indent=2)
    (tmp_path / "receipt.json").write_text(text, encoding="utf-8")
    visitor.open(CHECK)
    visitor.page.locator("#file").wait_for()
    visitor.context.set_offline(True)
    requests: list[str] = []
    visitor.page.on("request", lambda request: requests.append(request.url))

    visitor.page.locator("#file").set_input_files(tmp_path / "receipt.json")

    visitor.page.locator(SENTENCES).first.wait_for()
    result = visitor.page.inner_text("#result")
    assert "The question and the answer in this receipt are those that we sealed." in result
    assert (
        "The answer and the words of the question are in the tree of the checkpoint below."
        in result
    )
    made = Checkpoint.objects.get()
    assert visitor.page.inner_text("#result code") == made.root_text
    assert visitor.page.get_attribute("#result a", "href") == f"/en/seal/{made.size}/"
    assert requests == []
    assert visitor.page.evaluate("document.activeElement.id") == "result"


def test_browser_and_server_say_the_same_of_every_receipt(visitor: Visitor) -> None:
    """Red when: one of the two leaves a check out."""
    visitor.open("/en/cookies/")
    visitor.choose("analytics")
    record = ConsentRecord.objects.get()
    unsealed = json.dumps(receipt_of(record))
    assert daily.seal(timezone.now() + timedelta(days=1))
    sealed = json.dumps(receipt_of(record), ensure_ascii=False)
    changed = [change(receipt_of(record), path, value) for path, value, _question in CHANGES]
    visitor.open(CHECK)
    visitor.page.locator("#file").wait_for()

    same = change(receipt_of(record), "evidence/record/position", 2.0)
    for text in (unsealed, sealed, same, *changed):
        expected = sentences_of_the_server(text)
        assert len(expected) == 6
        assert sentences(visitor, text) == expected, text


@pytest.mark.parametrize("text", ["{}", "no receipt", '{"evidence": {}}'])
def test_another_text_is_refused_with_a_sentence(visitor: Visitor, text: str) -> None:
    visitor.open(CHECK)
    visitor.page.locator("#file").wait_for()

    assert sentences(visitor, text) == [NO_RECEIPT]


def test_a_repeated_name_is_no_receipt(visitor: Visitor) -> None:
    """A reader sees the first, a program the last. Red when: `countStrings` is left out."""
    visitor.open("/en/cookies/")
    visitor.choose("analytics")
    text = json.dumps(receipt_of(ConsentRecord.objects.get()), ensure_ascii=False)
    visitor.open(CHECK)
    visitor.page.locator("#file").wait_for()

    assert len(sentences(visitor, "\ufeff" + text)) == 6
    assert sentences(visitor, '{"record_id": "another", ' + text[1:]) == [NO_RECEIPT]
    assert sentences(visitor, '{"note": NaN, ' + text[1:]) == [NO_RECEIPT]


def test_without_javascript_the_server_checks_it(new_visitor: NewVisitor, tmp_path: Path) -> None:
    """I6."""
    visitor = new_visitor(has_javascript=False)
    text = download(visitor, tmp_path / "receipt.json")

    visitor.open(CHECK)
    assert not visitor.page.locator("#file").is_visible()
    visitor.page.locator("textarea").fill(text)
    with visitor.page.expect_navigation():
        visitor.page.locator(CHECK_BUTTON).click()

    result = visitor.page.inner_text("#result")
    assert "Nothing is proved yet" in result
    assert "The choice was not sealed yet" in result
