"""The check of a draft while somebody types, measured by `make bench`. pytest skips its name."""

import random
import time
from statistics import median
from urllib.parse import urlencode

import pytest

from privacy.models import PolicyVersion
from privacy.roles import EDITORS
from tests.bench.report import report
from tests.privacy.policies.colleagues import LIST, Colleague, started
from tests.privacy.policies.kept import forget_all

ROUNDS = 15
MOST_CPU_SECONDS_OF_A_CHECK = 0.1


@pytest.mark.django_db
def test_a_check_after_a_keystroke_against_one_of_the_whole_text() -> None:
    """The seeded policy, with one letter more in its longest section before each check.

    The reference reads every section of both languages, and previews all of them, with nothing kept.
    The first check of a process reads every section, and previews the one that changed.
    """
    anna = Colleague("anna", EDITORS)
    version = started(anna)
    form = anna.form(version)
    sections = [name for name in form if name.startswith("section_")]
    longest = max(sections, key=lambda name: len(form[name]))
    kinds = {
        "keystroke": ([longest], False),
        "first check": ([longest], True),
        "whole": (sections, True),
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    chance = random.Random(ROUNDS)
    for _ in range(ROUNDS):
        for kind in chance.sample(list(kinds), len(kinds)):
            form[longest] += "a"
            asked, is_new = kinds[kind]
            if is_new:
                forget_all()
            seconds[kind].append(cpu_seconds_of_a_check(anna, version, form, asked))

    keystroke, first, whole = (median(seconds[kind]) for kind in kinds)
    report("CPU, check after a keystroke / of the whole text", keystroke, whole)
    report("CPU, first check of a process / of the whole text", first, whole)
    assert keystroke < MOST_CPU_SECONDS_OF_A_CHECK


def cpu_seconds_of_a_check(
    colleague: Colleague, version: PolicyVersion, form: dict[str, str], asked: list[str]
) -> float:
    """A check as the script of the editor sends it."""
    body = urlencode({**form, "preview": asked}, doseq=True)
    started_at = time.process_time()
    response = colleague.client.post(
        f"{LIST}{version.pk}/check/", body, content_type="application/x-www-form-urlencoded"
    )
    seconds = time.process_time() - started_at
    assert list(response.json()["previews"]) == asked
    return seconds
