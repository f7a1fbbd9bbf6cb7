"""The hash of a value that is stored as JSON."""

import hashlib

from evidence.canonical_json import digest
from tests.run_once import needs_no_database

pytestmark = needs_no_database


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    """Red when: keys are not sorted."""
    value = {"b": "ż", "a": [1, 2]}

    assert digest(value) == digest({"a": [1, 2], "b": "ż"})
    assert digest(value) == hashlib.sha256('{"a":[1,2],"b":"ż"}'.encode()).hexdigest()
    assert digest(value) != digest({"b": "ż", "a": [2, 1]})
