"""The migrations of the registry keep its rows, back and forth."""

import json
from pathlib import Path

from tests.run_once import has_own_database
from tests.running_site import environment, make_database, manage

pytestmark = has_own_database

LOOK = """
import json
from consent.models import GroupDetails

rows = GroupDetails.objects.order_by("group__ordering")
fields = ("name_en", "description_en", "short_purpose_pl", "short_purpose_en", "personalizes_ads")
print(json.dumps(list(rows.values_list(*fields))))
"""


def look(env: dict[str, str]) -> list[list[object]]:
    output = manage("shell", "--verbosity=0", "--command", LOOK, env=env).stdout
    rows: list[list[object]] = json.loads(output.splitlines()[-1])
    return rows


def test_groups_of_an_earlier_release_get_their_purpose_in_a_few_words(tmp_path: Path) -> None:
    """Red when: 0004 leaves a group without the words that the first layer prints, or loses a text."""
    env = environment(tmp_path)
    make_database(env)
    seeded = look(env)
    assert len(seeded) == 4

    manage("migrate", "consent", "0002", "--verbosity=0", env=env)
    manage("migrate", "--verbosity=0", env=env)

    assert look(env) == seeded
