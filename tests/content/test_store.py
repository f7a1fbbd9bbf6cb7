"""Content in memory: page views make no query, and pages answer without the database."""

import json
import logging
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from content import store
from content.models import ContentRevision, ContentRevisionQuerySet
from content.store import ContentUnavailable
from tests.factories import make_client, publish_registry
from tests.pages import PAGES, Page
from tests.privacy.policies.drafts import make_published
from tests.run_once import decides_in_memory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def new_process(fresh_content: None) -> None:
    """Each test here starts without content in memory."""
    store.forget()


@pytest.fixture
def no_database(monkeypatch):
    """A function that takes the database away from the content."""

    def gone(query_set):
        raise OperationalError("gone")

    return lambda: monkeypatch.setattr(ContentRevisionQuerySet, "number", gone)


def _copy() -> Path:
    return Path(settings.STATE_DIR) / "content.json"


def test_there_are_pages_to_view() -> None:
    assert len(PAGES) >= 22


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("kind", ["none", "refused", "granted", "signal"])
def test_a_page_view_makes_no_query(django_assert_num_queries, address: str, kind: str) -> None:
    """Red when: a view, a template or a middleware asks the database, on a first view too."""
    publish_registry()
    client = {
        "none": lambda: make_client(),
        "refused": lambda: make_client(refused=True),
        "granted": lambda: make_client("preferences", "analytics", "marketing"),
        "signal": lambda: make_client(**{"Sec-GPC": "1"}),
    }[kind]()

    with django_assert_num_queries(0):
        first, second = client.get(address), client.get(address)

    assert (first.status_code, second.status_code) == (200, 200)


def test_a_poll_without_a_change_makes_two_small_queries(
    django_assert_num_queries,
) -> None:
    """The revision, and the rate counts of earlier minutes. A poll runs twice a second."""
    store.poll(timezone.now())

    with django_assert_num_queries(2):
        store.poll(timezone.now())


def test_content_is_loaded_again_only_when_the_revision_has_changed() -> None:
    """Red when: `poll` loads every time, or never again."""
    store.poll(timezone.now())
    first = store.current()

    store.poll(timezone.now())
    assert store.current() is first

    ContentRevision.objects.bump()
    store.poll(timezone.now())
    assert store.current().serial > first.serial
    assert store.current().revision == first.revision + 1


def test_the_content_is_immutable() -> None:
    current = store.current()

    with pytest.raises(TypeError):
        current.parts["policies"] = None
    with pytest.raises(AttributeError):
        current.revision = 0


def test_without_a_database_the_last_content_stays_in_force(client, no_database) -> None:
    """Red when: `poll` drops the content when the database does not answer."""
    before = client.get("/polityka-prywatnosci/").content
    no_database()

    with pytest.raises(OperationalError):
        store.poll(timezone.now())

    assert client.get("/polityka-prywatnosci/").content == before
    assert store.database_answers() is False


def test_the_first_poll_of_a_returned_database_counts_as_an_answer(
    no_database, monkeypatch
) -> None:
    store.poll(timezone.now())
    no_database()
    with pytest.raises(OperationalError):
        store.poll(timezone.now())

    monkeypatch.undo()
    store.poll(timezone.now())

    assert store.database_answers() is True


def test_a_process_that_starts_without_a_database_shows_the_copy(client, no_database) -> None:
    """Red when: `_write_copy` or `_load_copy` is not called."""
    make_published("Zebra")
    store.poll(timezone.now())
    page = client.get("/en/privacy-policy/").content
    store.forget()
    no_database()

    response = client.get("/en/privacy-policy/")

    assert response.status_code == 200
    assert response.content == page
    assert b"Zebra" in page


def test_the_copy_includes_versions_that_take_effect_later(client, no_database) -> None:
    """Red when: `_write_copy` writes the versions in force instead of every row."""
    now = timezone.now()
    make_published("Zebra", at=now, effective_at=now + timedelta(days=3))
    store.poll(now)
    assert b"Zebra" not in client.get("/en/privacy-policy/").content
    store.forget()
    no_database()

    with time_machine.travel(now + timedelta(days=4)):
        assert b"Zebra" in client.get("/en/privacy-policy/").content


def _mangled() -> dict[str, bytes]:
    return {
        "empty": b"",
        "no-json": b"\x00\xff\xfe not JSON",
        "null": b"null",
        "list": b"[]",
        "number": b"1e999",
        "no-data": b'{"revision": 1}',
        "empty-data": b'{"revision": 1, "data": {}}',
        "wrong-data": b'{"revision": 1, "data": {"policies": 1, "registry": 1, "plans": 1}}',
        "nested": b"[" * 100_000,
    }


@pytest.mark.parametrize("garbage", _mangled().values(), ids=_mangled())
def test_an_unreadable_copy_counts_as_a_missing_copy(no_database, garbage: bytes) -> None:
    """Red when: `_load_copy` lets one of the exceptions through."""
    store.forget()
    no_database()
    _copy().write_bytes(garbage)

    with pytest.raises(ContentUnavailable):
        store.current()


def _wrong_values():
    """The copy with each value in it, one at a time, replaced by one of another kind."""
    yield from ((path, wrong) for path in _paths(_copied()) for wrong in (None, 7, "x", [], {}))


def _copied():
    return json.loads(_copy().read_text())


def _paths(value, path=()):
    if path:
        yield path
    if len(path) < 5 and isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    if len(path) < 5 and isinstance(value, list) and value:
        yield from _paths(value[0], (*path, 0))


@decides_in_memory
def test_a_copy_of_another_shape_raises_nothing_but_content_unavailable(
    no_database, caplog
) -> None:
    """An older release may have written it. Red when: `_load_copy` lets AttributeError through."""
    caplog.set_level(logging.CRITICAL, logger="content.store")
    store.poll(timezone.now())
    whole = _copied()
    cases = list(_wrong_values())
    no_database()
    assert len(cases) >= 100

    for path, wrong in cases:
        broken = json.loads(json.dumps(whole))
        place = broken
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = wrong
        _copy().write_text(json.dumps(broken))
        store.forget()
        with suppress(ContentUnavailable):
            store.current()


def test_pages_answer_even_if_the_copy_cannot_be_written(client, caplog) -> None:
    """Red when: `_write_copy` lets OSError through."""
    _copy().mkdir()
    try:
        assert client.get("/").status_code == 200
        assert "could not be written" in caplog.text
    finally:
        _copy().rmdir()


def test_no_draft_file_stays_beside_the_copy() -> None:
    store.poll(timezone.now())

    assert [path.name for path in Path(settings.STATE_DIR).iterdir()] == ["content.json"]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/polityka-prywatnosci/", "Serwis nie jest jeszcze gotowy"),
        ("/en/privacy-policy/", "The site is not ready yet"),
        ("/cennik/", "Serwis nie jest jeszcze gotowy"),
        ("/en/pricing/", "The site is not ready yet"),
        ("/kontakt/", "Serwis nie jest jeszcze gotowy"),
        ("/en/accessibility/", "The site is not ready yet"),
    ],
)
def test_with_neither_database_nor_copy_the_page_says_so_in_the_visitors_language(
    client, no_database, address: str, title: str
) -> None:
    """Red when: ContentUnavailable is not handled by ErrorPagesMiddleware."""
    no_database()

    response = client.get(address)

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert Page(response.content).one("h1").text == title
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies


@pytest.mark.parametrize(("address", "status"), [("/en/free-trial/started/", 200), ("/", 503)])
def test_a_page_without_any_content_grants_nothing(
    no_database, settings, address: str, status: int
) -> None:
    """Red when: a missing registry counts as one that allows what the cookie says."""
    settings.GOOGLE_TAG_ID = "G-TEST"
    client = make_client("analytics")
    store.forget()
    _copy().unlink()
    no_database()

    response = client.get(address)

    assert response.status_code == status
    assert b"data-google-tag" not in response.content
    assert "google" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("answered_before", "polls_for", "answers"),
    [
        (60, None, True),  # the next poll is late: the machine is busy
        (60, 0.5, True),
        (60, 1.5, False),
        (0.1, 1.5, True),  # it has answered, and the content is read
        (None, None, False),
        (None, 0.5, False),
    ],
)
def test_a_database_is_silent_if_it_keeps_a_poll_waiting(
    settings, monkeypatch, answered_before, polls_for, answers: bool
) -> None:
    """In seconds. Red when: a poll that a busy machine begins late counts as a silent database, or
    one that waits does not."""
    settings.CONTENT_IS_POLLED_BY_HAND = False
    now = time.monotonic()
    monkeypatch.setattr(
        store._store, "answered_at", now - answered_before if answered_before else 0.0
    )
    monkeypatch.setattr(store._store, "polling_since", now - polls_for if polls_for else 0.0)

    assert store.database_answers() is answers
