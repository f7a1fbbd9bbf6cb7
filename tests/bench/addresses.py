"""Addresses of clients that a proxy names."""


def address(number: int, *, block: int) -> str:
    """An address of a private network (RFC 1918), of which no table knows the country."""
    return f"10.{block}.{number // 250 % 250}.{number % 250}"
