"""A choice, and the text of its receipt."""

import json

from django.test import Client

from consent.models import ConsentRecord
from consent.receipts.receipt import receipt_of
from tests.factories import make_client, post_choice


def grant(client: Client | None = None) -> ConsentRecord:
    post_choice(client or make_client(), "save", "analytics")
    return ConsentRecord.objects.latest("made_at")


def as_text(record: ConsentRecord) -> str:
    return json.dumps(receipt_of(record), ensure_ascii=False)
