"""Rows of a site that has grown: consent records over three years, and what else comes with them."""

import os
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from consent.models import ConsentRecord, Notice
from evidence.seal import checkpoint, tree
from privacy.models import PolicyVersion

# `make bench` makes ten million; fewer are enough to look at a change quickly.
ROWS = int(os.environ.get("GROWTH_ROWS", "10000000"))
PAST_PERIOD = min(100_000, ROWS // 10)
ROWS_OF_A_STATEMENT = 100_000
# A sign-up comes with so many choices, and brings three mails.
CHOICES_OF_A_SIGN_UP = 33

# Sign-ups and mails are younger than their periods, so that retention ends records alone.
_KEPT = timedelta(days=80)

_RECORDS = """
INSERT INTO consent_consentrecord (id, made_at, expires_at, notice_id, language, offered, granted,
is_refusal, method, has_javascript, has_gpc_signal, policy_version_id, supersedes_id, hash, stored_at)
SELECT gen_random_uuid(), at, at + interval '182 days', %s, (ARRAY['pl', 'pl', 'pl', 'en'])[1 + n %% 4],
'["preferences", "analytics", "marketing"]',
CASE WHEN n %% 5 < 3 THEN '[]'::jsonb ELSE '["preferences", "analytics", "marketing"]' END,
n %% 5 < 3, CASE WHEN n %% 25 = 0 THEN 'cookie-page' ELSE 'banner' END, n %% 20 > 0, n %% 33 = 0, %s,
CASE WHEN n %% 20 = 0 THEN gen_random_uuid() END, encode(sha256(n::text::bytea), 'hex'), at
FROM (SELECT n, %s::timestamptz + n * %s::interval AS at FROM generate_series(%s, %s) AS n) AS record
"""

_LEAVES = """
INSERT INTO evidence_leaf (id, series, row, hash)
SELECT row_number() OVER (ORDER BY stored_at, made_at, id) - 1, 'record', id,
sha256('\\x00'::bytea || convert_to('record' || chr(10) || id || chr(10) || hash, 'UTF8'))
FROM (SELECT * FROM consent_consentrecord ORDER BY stored_at LIMIT %s) AS oldest
"""
_OTHERS = """
INSERT INTO trial_signup (id, created_at, language, name, email, email_folded, company, phone,
extension, confirmed_at, ends_at)
SELECT gen_random_uuid(), at, 'pl', 'Anna Kowalska ' || n, address, address, 'Firma ' || n,
'+48601' || lpad((n %% 1000000)::text, 6, '0'), '', at, at + interval '30 days'
FROM (SELECT n, 'anna' || n || '@firma.pl' AS address, %(now)s - n * %(step)s::interval AS at
      FROM generate_series(1, %(number)s) AS n) AS person;
INSERT INTO trial_consentwording (id, channel, texts, hash, created_at)
VALUES (999999, 'email', '{"pl": "Zgoda", "en": "Consent"}', '', %(now)s);
INSERT INTO trial_marketingconsent (id, sign_up_id, address_hash, number_hash, channel, wording_id,
language, given_at, confirmed_at)
SELECT gen_random_uuid(), id, md5(email), '', 'email', 999999, 'pl', created_at, created_at
FROM trial_signup;
INSERT INTO trial_handover (id, sign_up_id, state, created_at, next_attempt_at, attempts,
finished_at, last_error)
SELECT gen_random_uuid(), id, 'delivered', created_at, created_at, 1, created_at, ''
FROM trial_signup;
INSERT INTO privacy_mail (id, kind, about, is_bulk, possible_copies, state, created_at,
next_attempt_at, attempts, finished_at, last_error)
SELECT gen_random_uuid(), kind, id::text, false, 1,
CASE WHEN random() < 0.00002 THEN 'failed' ELSE 'delivered' END, created_at, created_at, 1,
created_at, '' FROM trial_signup, (VALUES ('a'), ('b'), ('c')) AS of_a_trial (kind);
INSERT INTO privacy_reading (read_at, user_id, what, kind, about, rows)
SELECT %(now)s - n * interval '1 minute', 1000 + n %% 20,
CASE WHEN n %% 500 = 0 THEN 'exported' ELSE 'read' END, 'trial_signup',
lpad(to_hex(n %% 100000), 16, '0'), 1 FROM generate_series(1, 3 * %(number)s) AS n;
INSERT INTO trial_struckoffnumber (key, channel, struck_off_at)
SELECT md5(n::text), 'phone', %(now)s - n * interval '5 minutes'
FROM generate_series(1, %(number)s / 3) AS n;
"""
_TABLES = [
    "consent_consentrecord",
    "evidence_leaf",
    "evidence_node",
    "evidence_checkpoint",
    "trial_signup",
    "trial_consentwording",
    "trial_marketingconsent",
    "trial_handover",
    "privacy_mail",
    "privacy_reading",
    "trial_struckoffnumber",
]


def make(*, now: datetime, past_period: datetime) -> None:
    """ROWS records in the order of time up to now, PAST_PERIOD of them before `past_period`."""
    step = (now - past_period) / (ROWS - PAST_PERIOD)
    start = past_period - PAST_PERIOD * step
    notice, version = Notice.objects.first(), PolicyVersion.objects.first()
    assert notice is not None
    assert version is not None
    with connection.cursor() as cursor:
        _be_quick(cursor)
        for first in range(1, ROWS + 1, ROWS_OF_A_STATEMENT):
            last = min(first + ROWS_OF_A_STATEMENT - 1, ROWS)
            cursor.execute(_RECORDS, [notice.pk, version.pk, start, _text(step), first, last])
        number = max(ROWS // CHOICES_OF_A_SIGN_UP, 1)
        cursor.execute(_OTHERS, {"now": now, "number": number, "step": _text(_KEPT / number)})
        for table in _TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        _be_as_the_site(cursor)


def delete() -> None:
    """Delete all rows of the tables: the end of a test would be stopped as it takes too long."""
    with connection.cursor() as cursor:
        _be_quick(cursor)
        cursor.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
        _be_as_the_site(cursor)


def seal_all_but(number: int) -> int:
    """Leaves and nodes for all records but the newest, under a checkpoint. Returns their number."""
    with connection.cursor() as cursor:
        _be_quick(cursor)
        cursor.execute(_LEAVES, [ROWS - number])
        cursor.execute("VACUUM (ANALYZE) evidence_leaf")
        [before] = ConsentRecord.objects.order_by("-stored_at")[number - 1 : number]
        tree.store_nodes(0, tree.size())
        checkpoint.make(covers_until=before.stored_at, at=before.stored_at)
        _be_as_the_site(cursor)
    return tree.size()


def bytes_of(table: str) -> dict[str, int]:
    """The bytes of a table and of each of its indexes, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_table_size(oid) FROM pg_class WHERE oid = %s::regclass OR oid IN "
            "(SELECT indexrelid FROM pg_index WHERE indrelid = %s::regclass) ORDER BY relname",
            [table] * 2,
        )
        return dict(cursor.fetchall())


def _be_quick(cursor: Any) -> None:
    """Without triggers, as a restored backup is written, and without the limit of a statement."""
    for setting in ("session_replication_role = replica", "statement_timeout = 0"):
        cursor.execute(f"SET {setting}")


def _be_as_the_site(cursor: Any) -> None:
    for name in ("session_replication_role", "statement_timeout"):
        cursor.execute(f"RESET {name}")


def _text(step: timedelta) -> str:
    return f"{step.total_seconds():.6f} seconds"
