"""Whether the site holds anything about a person beside their requests for a link."""

from privacy.rights.map.declarations import Person
from privacy.rights.map.register import all_declared


def is_anything_held(person: Person) -> bool:
    """Whether there is more than what asking for a link has left."""
    return any(
        data.rows_of(person).exists() for data in all_declared() if not data.is_trace_of_asking
    )
