"""The short form of `make bench`: each reference and each target answers what it should."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.bench.everything import Everything, everything
from tests.bench.load import load
from tests.bench.targets import WrongAnswer
from tests.run_once import has_own_database

pytestmark = has_own_database

CHOICES = [
    f"{kind}, {database}"
    for database in ("SQLite", "PostgreSQL")
    for kind in ("choice, accept", "choice, reject", "django-cookie-consent, accept")
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with everything(tmp_path_factory.mktemp("bench"), workers=1) as servers:
        yield servers


def test_each_reference_and_target_answers_what_it_should(running: Everything) -> None:
    """Red when: a form of ours gets another field; a page has another title; a reference breaks."""
    assert len(running.targets) >= 28
    assert len(running.comparisons) >= 28
    for target in running.targets.values():
        assert target.check() > 0, target.name
    compared = {name for each in running.comparisons for name in (each.target, each.reference)}
    assert compared == {*running.targets}


def test_a_granted_visitor_sends_the_choice_and_the_currency(running: Everything) -> None:
    """Without the currency the site would look the country up at each request, the long way.

    Red when: the address of the client has no known country, or does not reach the site.
    """
    for database in ("SQLite", "PostgreSQL"):
        cookie = running.targets[f"policy page, granted, {database}"].headers["Cookie"]
        names = [pair.partition("=")[0] for pair in cookie.split("; ")]
        assert sorted(names) == ["L7_geoip", "__Host-l7_choice"]


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_is_stored_with_each_request(running: Everything, name: str) -> None:
    """Red when: a choice is answered without its record, as in a flood, or without the other's log."""
    target = running.targets[name]
    assert target.stored is not None
    before = target.stored()
    target.check()
    target.check()
    assert target.stored() == before + 2


def test_an_answer_that_is_not_the_right_one_fails_the_run(running: Everything) -> None:
    """Red when: a load is measured although its answers are wrong."""
    hello = running.targets["hello"]
    with pytest.raises(WrongAnswer, match="hello: the answer has no 'good-bye'"):
        replace(hello, has=("good-bye",)).check()
    with pytest.raises(WrongAnswer, match="status 200 instead of 303"):
        load(replace(hello, status=303), seconds=1)
    missing = replace(hello, path="/nowhere/", status=404, has=())
    with pytest.raises(WrongAnswer, match="have a status of 400 or more"):
        load(missing, seconds=1)
