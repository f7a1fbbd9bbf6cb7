"""The content revision counts up in one row."""

import pytest
from django.db import IntegrityError, transaction

from content.models import ContentRevision

pytestmark = pytest.mark.django_db


def test_the_revision_counts_up_in_its_one_row() -> None:
    before = ContentRevision.objects.number()

    ContentRevision.objects.bump()

    assert ContentRevision.objects.number() == before + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentRevision.objects.create(pk=2)


def test_the_first_bump_creates_the_row_of_the_revision() -> None:
    ContentRevision.objects.all().delete()
    assert ContentRevision.objects.number() == 0

    ContentRevision.objects.bump()

    assert ContentRevision.objects.number() == 1
