"""The words of the two consents to marketing, stored as rows when they change, shown from the rows.

The value of a ticked box names the words beside it, and the proof of consent names the same row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from content import store
from content.company import COMPANY
from content.models import ContentRevision
from evidence import canonical_json
from trial.models import Channel, ConsentWording

KEY_LENGTH = 16


@dataclass(frozen=True)
class Wordings:
    """Every wording that was ever shown: the newest of each channel, and all by their key."""

    rows: tuple[dict[str, Any], ...]

    def key(self, channel: str) -> str:
        """The value of the box that asks for this channel now."""
        return str(self._newest(channel)["key"])

    def text(self, channel: str) -> str:
        """The words beside it, in the active language."""
        return str(self._newest(channel)["texts"][get_language() or "pl"])

    def id_of(self, channel: str, key: str) -> int | None:
        """The id of the row with this key; None for words that were never shown."""
        ids = (r["id"] for r in self.rows if r["channel"] == channel and r["key"] == key)
        return next(ids, None)

    def _newest(self, channel: str) -> dict[str, Any]:
        return next(row for row in self.rows if row["channel"] == channel)


def current() -> Wordings:
    """The wordings in use now. Raises content.ContentUnavailable."""
    wordings: Wordings = store.current()["wordings"]
    return wordings


def store_wordings(*, at: datetime) -> None:
    """Store the words of this release where they differ from the newest row."""
    for channel in Channel:
        texts = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                texts[language] = _words()[channel]
        text_hash = digest(channel, texts)
        newest = ConsentWording.objects.filter(channel=channel).first()
        if newest is None or newest.hash != text_hash:
            ContentRevision.objects.bump()
            ConsentWording.objects.create(
                channel=channel, texts=texts, hash=text_hash, created_at=at
            )


def digest(channel: str, texts: Mapping[str, str]) -> str:
    """The hash of one wording in every language."""
    return canonical_json.digest({"channel": channel, "texts": texts})


def store_after_migrate(**kwargs: Any) -> None:
    """Receiver of `post_migrate`: a release may have changed the words."""
    # The table is missing where a migration was reversed, or only other apps were migrated.
    if ConsentWording._meta.db_table in connection.introspection.table_names():
        store_wordings(at=timezone.now())


def _words() -> dict[str, str]:
    return {
        Channel.EMAIL: _(
            "I agree to Level 7 Systems sending me commercial and marketing information about its "
            "services by e-mail, to the address given above. I may withdraw this consent at any "
            "time, for example by using the link in each e-mail."
        ),
        Channel.PHONE: _(
            "I agree to Level 7 Systems calling me, at the telephone number given above, with "
            "commercial and marketing information about its services. I may withdraw this consent "
            "at any time, by writing to %(email)s."
        )
        % {"email": COMPANY["gdpr_email"]},
    }


def _read() -> list[dict[str, Any]]:
    return [
        {"id": row.pk, "channel": row.channel, "key": row.hash[:KEY_LENGTH], "texts": row.texts}
        for row in ConsentWording.objects.all()
    ]


def _build(rows: list[dict[str, Any]], at: datetime) -> Wordings:
    return Wordings(tuple(rows))


SOURCE = store.Source("wordings", _read, _build)
