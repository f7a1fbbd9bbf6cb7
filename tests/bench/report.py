"""Prints a figure of `make bench`: what was measured, its reference, and their ratio."""

from django.db import connection


def report(what: str, measured: float, reference: float) -> None:
    """Print two times, in seconds, as milliseconds, and the ratio of the first to the second."""
    print(
        f"\n{connection.vendor}: {what}: {measured * 1000:.2f} ms / {reference * 1000:.2f} ms"
        f" = {measured / reference:.3f}"
    )
