"""The measurements of `make bench`, each with a reference in the same run. pytest skips its name."""

import random
import time
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from statistics import median

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from content.bounds import MOST_CHARACTERS_OF_A_SECTION, text_excesses
from privacy.models import PolicyVersion
from privacy.policies.differences.blocks import blocks
from privacy.policies.differences.compare import compare
from privacy.policies.editor.forms import DraftForm
from privacy.policies.text import rendering
from privacy.policies.text import sections as text_sections
from privacy.rights.retention import purge_runs
from tests.bench import purging
from tests.bench.report import report
from tests.factories import make_sign_up_form, make_trial
from tests.privacy.policies.text.nasty import NASTY

ROUNDS = 300
MOST_CPU_SECONDS_OF_DIFFERENCES = 0.1
MOST_CPU_SECONDS_OF_A_REVIEW = 1.0
MOST_SECONDS_OF_A_WRITER = 0.2


def seconds_of(client: Client, form: dict[str, str], network: str) -> float:
    started = time.perf_counter()
    response = client.post("/en/free-trial/", form, headers={"X-Forwarded-For": network})
    seconds = time.perf_counter() - started
    assert response.status_code == 200
    return seconds


@pytest.mark.django_db(transaction=True)
def test_a_known_address_against_an_unknown_one(settings) -> None:
    """I16 (same work). Both are sent in turn, with the same database; the result is their ratio."""
    settings.TRUSTED_PROXIES = 1
    client, form = Client(), make_sign_up_form()
    for number in range(ROUNDS):
        make_trial(email=f"known{number}@firma.pl", at=timezone.now())
    known, unknown = [], []
    for number in range(ROUNDS):
        addresses = [(known, f"known{number}@firma.pl"), (unknown, f"fresh{number}@firma.pl")]
        # The order alternates, so that both find warm caches equally often.
        for place, (times, address) in enumerate(addresses[:: 1 if number % 2 else -1]):
            network = f"10.{place}.{number // 250}.{number % 250}"
            times.append(seconds_of(client, form | {"email": address}, network))

    report("sign-up: known address / unknown address", median(known), median(unknown))


@pytest.mark.parametrize("kind", ["three words in each paragraph", "every word"])
def test_differences_of_two_policies_against_a_comparison_of_all_their_words(kind: str) -> None:
    """400 paragraphs of 60 words, from Markdown to the passages for a template, without a cache.

    The reference compares all words of both documents at once, and ignores frequent words (the
    default of difflib): it ends in time, but finds no paragraphs.
    """
    old = long_policy("old", changed=())
    new = long_policy("new", changed=(10, 30, 50) if kind.startswith("three") else range(60))

    def ours() -> None:
        blocks.cache_clear()
        assert len(compare(blocks(old), blocks(new)).passages) == 400

    def reference() -> None:
        SequenceMatcher(None, old.split(), new.split()).get_opcodes()

    measured = min(cpu_seconds(ours) for _ in range(9))
    report(f"CPU, differences of {kind} / difflib over all words", measured, cpu_seconds(reference))
    assert measured < MOST_CPU_SECONDS_OF_DIFFERENCES


@pytest.mark.django_db(transaction=True)
def test_a_writer_beside_a_run_of_retention_against_one_alone() -> None:
    """I20: nobody waits for it. The results are the longest and the median of the writer's times."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; its sites have few rows.")
    purging.make_old_records(purging.ROWS)
    started = time.perf_counter()
    with purging.writer() as beside:
        purge_runs.start(at=timezone.now())
        while purge_runs.go_on(timezone.now(), waits=True):
            pass
    seconds = time.perf_counter() - started
    assert purging.left() == 0
    assert len(beside) >= 100
    with purging.writer() as alone:
        time.sleep(seconds)  # as long as the run took, to meet as much of the machine's other work

    print(f"\n{purging.ROWS} rows purged in {seconds:.0f} s beside {len(beside)} transactions")
    report("writer beside retention / alone, the longest", max(beside), max(alone))
    report("writer beside retention / alone, the median", median(beside), median(alone))
    assert max(beside) < MOST_SECONDS_OF_A_WRITER


def cpu_seconds(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def long_policy(mark: str, *, changed: Sequence[int]) -> str:
    """400 paragraphs that differ between two marks only in the words at these places of each."""
    chance = random.Random(400)
    texts = []
    for number in range(400):
        words = [f"word{chance.randrange(3000)}" for _ in range(60)]
        for place in changed:
            words[place] = f"{mark}{number}x{place}"
        heading = f"## {number // 20}. Section {number}\n\n" if number % 20 == 0 else ""
        texts.append(f"{heading}{number // 20}.{number % 20 + 1} {' '.join(words)}.")
    return "\n\n".join(texts)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", NASTY)
def test_a_nasty_text_against_the_text_of_the_site(kind: str) -> None:
    """Review and preview of 64 KB as they are, and of as much of them as the bounds allow."""
    seeded = PolicyVersion.objects.latest("number")
    whole = NASTY[kind](64 * 1024)
    reference = cpu_seconds(lambda: review(seeded, text_sections.split(seeded.text_pl)))
    for name, typed in (("64 KB", [whole]), ("as allowed", in_fields(largest_allowed(whole)))):
        measured = cpu_seconds(lambda typed=typed: review(seeded, typed))
        report(f"CPU, review of {kind}, {name} / of the seeded text", measured, reference)
        assert measured < MOST_CPU_SECONDS_OF_A_REVIEW


def review(version: PolicyVersion, typed: list[str]) -> None:
    """What the editor does with a draft that has this text in both languages."""
    text_sections._chunks.cache_clear()
    rendering._render.cache_clear()
    fields = {
        f"section_{place}_{code}": text for place, text in enumerate(typed) for code in ("pl", "en")
    }
    form = DraftForm(version, {"revision": "1", **fields}, is_first=False)
    render_to_string(
        "admin/privacy/policyversion/_problems.html",
        {
            "problems": form.problems,
            "warnings": form.warnings,
        },
    )
    for row in form.rows():
        for field in row.fields.values():
            assert field.preview is not None


def largest_allowed(text: str) -> str:
    """The longest beginning of a text that is within the bounds."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        is_allowed = not any(text_excesses("\n\n".join(in_fields(text[:middle]))))
        low, high = (middle, high) if is_allowed else (low, middle - 1)
    return text[:low]


def in_fields(text: str) -> list[str]:
    """A text cut into fields of the longest allowed section."""
    size = MOST_CHARACTERS_OF_A_SECTION
    return [text[place : place + size] for place in range(0, len(text), size)]
