"""The form that stores every choice."""

import pytest
from django.conf import settings

from consent import choice
from consent.models import ConsentRecord
from tests.factories import make_client, make_form

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def test_a_grant_is_recorded_and_remembered() -> None:
    client = make_client()

    response = client.post("/cookies/", make_form("save", "analytics"), content_type=FORM)

    assert response.status_code == 303
    assert response["Location"] == "/#saved"
    record = ConsentRecord.objects.get()
    grant = choice.read(response.cookies[settings.CHOICE_COOKIE_NAME].value)
    assert isinstance(grant, choice.Grant)
    assert (grant.record_id, grant.groups) == (record.pk, {"analytics"})
    assert record.granted == ["analytics"]
    assert record.offered == ["preferences", "analytics", "marketing"]
    assert record.policy_version is not None
    assert record.notice is not None
