"""A hundred requests in a second, mixed as on a busy site: none fails, and nothing is lost.

The long form, on both databases and with an eye on the memory: `make chaos`.
"""

from pathlib import Path

from tests.chaos.real_mix import (
    MOST_GROWTH,
    WARM_UP_FIRST,
    Crowd,
    assert_all_is_stored,
    load,
    mixed_site,
)
from tests.run_once import has_own_database

pytestmark = has_own_database


def test_every_request_of_a_real_mix_is_answered_and_what_was_acknowledged_is_stored(
    tmp_path: Path,
) -> None:
    """I4, I17. Red when: a writer on SQLite fails at once where it has to wait for another; all
    visitors behind the proxy count as one network."""
    with mixed_site(tmp_path) as (env, site, mails):
        crowd = Crowd(site)
        crowd.arrive()
        warm_up = load(crowd, answers=200, first=WARM_UP_FIRST)
        run = load(crowd, answers=400)

        assert warm_up.wrong + run.wrong == {}
        assert_all_is_stored(env, mails, warm_up, run)
        assert run.left.sockets <= warm_up.left.sockets * MOST_GROWTH
