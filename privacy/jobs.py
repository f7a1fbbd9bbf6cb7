"""Web processes delete counts whose window has ended. The worker ends what is past its period,
makes erasures final, deletes old files of their journal, reminds of requests once a day, and seals
the evidence of each day."""

from django.utils import timezone

from content import store
from delivery import worker
from privacy.models import RateCount
from privacy.rights.cases import erasure_cases, erasure_journal
from privacy.rights.requests import digest
from privacy.rights.retention import purge_runs
from privacy.seals import daily

store.after_each_poll(lambda: RateCount.objects.forget_past(at=timezone.now()))
worker.register(purge_runs.purge_daily)
worker.register(erasure_cases.finish_next)
worker.register(erasure_journal.forget_daily)
worker.register(digest.remind_daily)
worker.register(daily.seal)
