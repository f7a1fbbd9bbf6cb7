"""Web processes delete counts whose window has ended; the worker ends what is past its period."""

from django.utils import timezone

from content import store
from delivery import worker
from privacy.models import RateCount
from privacy.rights import purge_runs

store.after_each_poll(lambda: RateCount.objects.forget_past(at=timezone.now()))
worker.register(purge_runs.purge_daily)
