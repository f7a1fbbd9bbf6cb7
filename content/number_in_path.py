"""`<number:pk>` in a route: each number has one spelling, so that a page has one address."""

from django.urls import register_converter


class Number:
    """A number without leading zeros: `01` is no page. Ten digits hold every integer of a row."""

    regex = "0|[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")
