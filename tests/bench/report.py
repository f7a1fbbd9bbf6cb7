"""Prints one result of `make bench`: the measured time, its reference, and their ratio."""

from django.db import connection


def report(what: str, measured: float, reference: float) -> None:
    """Print two times (given in seconds) in milliseconds, and the ratio of the first to the second."""
    print(
        f"\n{connection.vendor}: {what}: {measured * 1000:.2f} ms / {reference * 1000:.2f} ms"
        f" = {measured / reference:.3f}"
    )
