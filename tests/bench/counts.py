"""What a client counted under load, and whether these can all have been right answers."""

from dataclasses import dataclass

CONNECTIONS = 16
# Bytes by which two right answers of one target may differ: a signature has no fixed length.
MOST_BYTES_OF_A_DIFFERENCE = 16


@dataclass(frozen=True)
class Counts:
    """The answers of some seconds over 16 connections."""

    requests: int
    seconds: float
    received_bytes: int
    # Answers with a status of 400 or more, and requests without an answer.
    bad_statuses: int
    failures: int

    def problem(self, *, size: int, rows: int | None) -> str:
        """Why not every answer was right; empty where all were.

        A right answer has this number of bytes. `rows` is how many of a request the database has
        more than before, for each row that one request makes; None for a target without rows.
        """
        if not self.requests:
            return "No answer came."
        if self.bad_statuses or self.failures:
            return (
                f"{self.bad_statuses} of {self.requests} answers have a status of 400 or more, "
                f"{self.failures} requests have no answer."
            )
        # At the end of the time each connection may be in the middle of an answer.
        most = CONNECTIONS * size + MOST_BYTES_OF_A_DIFFERENCE * self.requests
        if abs(self.received_bytes - self.requests * size) > most:
            mean = self.received_bytes / self.requests
            return f"An answer has {mean:.0f} bytes on average, the right one {size}."
        # As many were under way when the time ended, and when that of the last target ended.
        most_rows = self.requests + 2 * CONNECTIONS
        if rows is not None and not self.requests <= rows <= most_rows:
            return f"The database has {rows} new rows for {self.requests} answers."
        return ""
