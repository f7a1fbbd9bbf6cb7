"""Each web process deletes the counts of rate limits whose window has ended."""

from django.utils import timezone

from content import store
from privacy.models import RateCount

store.after_each_poll(lambda: RateCount.objects.forget_past(at=timezone.now()))
