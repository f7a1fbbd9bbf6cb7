"""What `make bench` measures: a sign-up with a known address, against one with an unknown (I16).

Its name keeps it out of pytest. Both are sent in turn, in one run, over the same database; the figure is their ratio.
"""

import time
from statistics import median

import pytest
from django.test import Client
from django.utils import timezone

from tests.bench.report import report
from tests.factories import make_sign_up_form, make_trial

ROUNDS = 300


def seconds_of(client: Client, form: dict[str, str], network: str) -> float:
    started = time.perf_counter()
    response = client.post("/en/free-trial/", form, headers={"X-Forwarded-For": network})
    seconds = time.perf_counter() - started
    assert response.status_code == 200
    return seconds


@pytest.mark.django_db(transaction=True)
def test_a_known_address_against_an_unknown_one(settings) -> None:
    settings.TRUSTED_PROXIES = 1
    client, form = Client(), make_sign_up_form()
    for number in range(ROUNDS):
        make_trial(email=f"known{number}@firma.pl", at=timezone.now())
    known, unknown = [], []
    for number in range(ROUNDS):
        addresses = [(known, f"known{number}@firma.pl"), (unknown, f"fresh{number}@firma.pl")]
        # Which comes first alternates, so that neither always finds the caches warm.
        for place, (times, address) in enumerate(addresses[:: 1 if number % 2 else -1]):
            network = f"10.{place}.{number // 250}.{number % 250}"
            times.append(seconds_of(client, form | {"email": address}, network))

    report("sign-up: known address / unknown address", median(known), median(unknown))
