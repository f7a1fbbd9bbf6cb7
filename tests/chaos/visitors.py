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
    """To the request with this number: the status, or the name of an error, and the seconds."""

    number: int
    status: str
    seconds: float


@contextmanager
def visitors(ask: Callable[[int], int]) -> Iterator[list[Answer]]:
    """Call `ask` with 0, 1, 2 and so on. It returns a status. The list is whole after the block."""
    answers: list[Answer] = []
    is_over = threading.Event()

    def one(number: int) -> None:
        started = time.perf_counter()
        try:
            status = str(ask(number))
        except (OSError, ssl.SSLError, http.client.HTTPException) as error:
            status = type(error).__name__
        answers.append(Answer(number, status, time.perf_counter() - started))

    def all_of_them() -> None:
        started, number = time.monotonic(), 0
        futures = []
        with ThreadPoolExecutor(50) as people:
            while not is_over.is_set():
                futures.append(people.submit(one, number))
                number += 1
                is_over.wait(max(0.0, started + number / REQUESTS_PER_SECOND - time.monotonic()))
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
