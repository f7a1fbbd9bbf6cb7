"""The log of gunicorn itself: it starts, it stops, a worker died."""

from typing import Any

from gunicorn.glogging import Logger


class LogWithoutRequests(Logger):
    """The site writes the line of a request: request_line.py."""

    def access(self, *args: Any) -> None:
        """Write nothing. gunicorn gathers the values of its line even where nothing prints it."""
