"""Visitors who ask at a steady rate, however long each answer takes."""

import http.client
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles

REQUESTS_PER_SECOND = 50


@dataclass(frozen=True)
class Answer:
    """To the request with this number: the status, or the name of an error, and the seconds.

    They count from the moment at which the request was due, so that a queue of requests is seen.
    """

    number: int
    status: str
    seconds: float


@contextmanager
def visitors(
    ask: Callable[[int], int], *, rate: int = REQUESTS_PER_SECOND, first: int = 0
) -> Iterator[list[Answer]]:
    """Call `ask` with `first` and the numbers after it. It returns a status.

    The list is whole after the block.
    """
    answers: list[Answer] = []
    is_over = threading.Event()

    def one(number: int, due: float) -> None:
        try:
            status = str(ask(number))
        except (OSError, ssl.SSLError, http.client.HTTPException) as error:
            status = type(error).__name__
        answers.append(Answer(number, status, time.monotonic() - due))

    def all_of_them() -> None:
        started, sent = time.monotonic(), 0
        futures = []
        with ThreadPoolExecutor(50) as people:
            while not is_over.is_set():
                futures.append(people.submit(one, first + sent, started + sent / rate))
                sent += 1
                is_over.wait(max(0.0, started + sent / rate - time.monotonic()))
        for future in futures:
            future.result()  # raises what `one` did not expect

    with ThreadPoolExecutor(1) as clock:
        load = clock.submit(all_of_them)
        try:
            yield answers
        finally:
            is_over.set()
            load.result()


def statuses(answers: list[Answer]) -> Counter[str]:
    return Counter(answer.status for answer in answers)


def p50_and_p99(answers: list[Answer]) -> tuple[float, float]:
    """In seconds."""
    places = quantiles([answer.seconds for answer in answers], n=100, method="inclusive")
    return places[49], places[98]
