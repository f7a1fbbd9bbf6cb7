"""Reports one result of the measures: the time, its reference, and their ratio."""

from typing import Any

from django.db import connection

from tests.bench import results

PART = "measures"


def report(what: str, measured: float, reference: float) -> None:
    """Print two times as `told` does, and keep them."""
    row = told(what, measured, reference)
    earlier = (results.read(PART) or {"rows": []})["rows"]
    rows = [each for each in earlier if each["measure"] != row["measure"]]
    results.save(PART, {"rows": [*rows, row]})


def told(what: str, measured: float, reference: float) -> dict[str, Any]:
    """Print two times (given in seconds) in milliseconds, and the ratio of the first to the second."""
    row: dict[str, Any] = {
        "measure": f"{connection.vendor}: {what}",
        "ms": round(measured * 1000, 2),
        "reference_ms": round(reference * 1000, 2),
        "ratio": round(measured / reference, 3),
    }
    print(f"\n{row['measure']}: {row['ms']:.2f} ms / {row['reference_ms']:.2f} ms = {row['ratio']}")
    return row


def forget_measures() -> None:
    """Forget the results of earlier runs, of which some may have another name now."""
    (results.FOLDER / f"{PART}.json").unlink(missing_ok=True)
