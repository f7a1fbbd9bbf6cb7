"""The page of the seal, its files and its feed."""

import base64
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from content import store
from evidence.models import Checkpoint
from evidence.seal import merkle, note
from privacy.seals import daily
from tests.evidence.seal.sealed import make_evidence, make_record, tomorrow

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def seal(days: int = 1) -> Checkpoint:
    """Seal the evidence as it will be then, and let this process know."""
    assert daily.seal(timezone.now() + timedelta(days=days))
    store.poll(timezone.now())
    return Checkpoint.objects.latest("number")


@pytest.fixture
def two_checkpoints() -> list[Checkpoint]:
    make_evidence()
    first = seal()
    make_record(stored_at=tomorrow())
    return [first, seal(days=2)]


def test_before_the_first_midnight_the_page_says_so() -> None:
    assert "Pierwszy powstanie po północy" in Client().get("/pieczec/").text


def test_the_page_lists_the_checkpoints_the_newest_first(two_checkpoints) -> None:
    """Red when: the list is in the order of making, or lacks one."""
    first, second = two_checkpoints

    text = Client().get("/en/seal/").text

    assert 0 < text.index(second.root_text) < text.index(first.root_text)
    for checkpoint in two_checkpoints:
        assert f"/en/seal/{checkpoint.size}/" in text
        assert f"/en/seal/{checkpoint.size}/proof/" in text


@pytest.mark.parametrize(
    ("witnesses", "sentence"),
    [
        ([], "only we vouch for them"),
        (["anna@kancelaria.example"], "witnesses outside our company"),
    ],
)
def test_the_page_says_who_vouches(witnesses: list[str], sentence: str, settings) -> None:
    """Red when: it promises witnesses where there are none, or names them."""
    settings.SEAL_WITNESSES = witnesses

    text = Client().get("/en/seal/").text

    assert sentence in text
    assert "anna@" not in text


def test_a_checkpoint_is_a_file_byte_for_byte(two_checkpoints) -> None:
    first, _second = two_checkpoints

    response = Client().get(f"/pieczec/{first.size}/")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == first.note


def test_the_proof_shows_that_a_checkpoint_extends_the_one_before(two_checkpoints) -> None:
    """Checked from the two files alone. Red when: the path is that of another size."""
    first, second = two_checkpoints
    client = Client()

    head, _blank, later = client.get(f"/pieczec/{second.size}/dowod/").text.partition("\n\n")
    old, *path = head.split("\n")
    earlier = note.read(client.get(f"/pieczec/{first.size}/").text)
    body = note.read(later)

    assert old == f"old {first.size}"
    merkle.check_consistency(
        earlier=earlier.size,
        earlier_root=earlier.root,
        size=body.size,
        size_root=body.root,
        path=[base64.b64decode(each) for each in path],
    )


def test_the_first_checkpoint_extends_nothing(two_checkpoints) -> None:
    first, _second = two_checkpoints

    assert Client().get(f"/pieczec/{first.size}/dowod/").text == f"old 0\n\n{first.note}"


def test_a_day_without_news_has_the_files_of_the_day_before(two_checkpoints) -> None:
    """Red when: the proof of a day without news is that a tree extends itself."""
    first, second = two_checkpoints
    third = seal(days=3)

    assert (third.number, third.size) == (second.number + 1, second.size)
    assert Client().get(f"/pieczec/{third.size}/").text == second.note
    assert Client().get(f"/pieczec/{third.size}/dowod/").text.startswith(f"old {first.size}\n")


@pytest.mark.parametrize("kind", ["", "proof/"])
def test_a_checkpoint_that_is_not_there_is_a_page_not_found(kind: str) -> None:
    assert Client().get(f"/en/seal/4711/{kind}").status_code == 404


def test_the_feed_has_each_checkpoint(two_checkpoints) -> None:
    """Red when: an entry lacks its note, or two entries have the same id."""
    for address in ("/pieczec/kanal/", "/en/seal/feed/"):
        response = Client().get(address)
        feed = ET.fromstring(response.content)
        entries = feed.findall(f"{ATOM}entry")

        assert response["Content-Type"].startswith("application/atom+xml")
        assert [each.findtext(f"{ATOM}content") for each in entries] == [
            checkpoint.note for checkpoint in reversed(two_checkpoints)
        ]
        assert len({each.findtext(f"{ATOM}id") for each in entries}) == 2
        assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")


def test_without_the_database_the_page_stands_and_a_file_says_to_come_back(
    two_checkpoints, monkeypatch
) -> None:
    """I18. Red when: the page reads a row."""
    monkeypatch.setattr(store, "database_answers", lambda: False)

    assert Client().get("/en/seal/").status_code == 200
    assert Client().get(f"/en/seal/{two_checkpoints[0].size}/").status_code == 503


def test_the_first_tree_with_leaves_extends_an_empty_one() -> None:
    """A new site seals a day before it has anything. Red when: the proof asks for a path from nothing."""
    Checkpoint.objects.create(
        size=0,
        root=merkle.EMPTY_ROOT.hex(),
        note=note.write(0, merkle.EMPTY_ROOT),
        covers_until=timezone.now() - timedelta(days=1),
        made_at=timezone.now(),
    )
    make_evidence()
    made = seal()

    assert Client().get(f"/pieczec/{made.size}/dowod/").text == f"old 0\n\n{made.note}"


def test_any_cache_may_keep_a_checkpoint_for_ever(two_checkpoints) -> None:
    for kind in ("", "dowod/"):
        response = Client().get(f"/pieczec/{two_checkpoints[0].size}/{kind}")
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
