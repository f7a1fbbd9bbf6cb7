"""`<number:pk>` in a route: each number has one spelling, so that a page has one address."""

from django.urls import register_converter


class Number:
    """A number from 1 on, without leading zeros: `01` is no page.

    Nine digits at most: every database takes such a number as an integer.
    """

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")
