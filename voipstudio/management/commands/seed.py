"""Fill an empty database, once: staff's later changes and deletions stay."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from consent.seed import seed_registry
from pricing.seed import seed_plans
from privacy.models import ContentRevision
from privacy.seed import seed_policy


class Command(BaseCommand):
    help = "Store the policy, the cookies and a sample plan, unless that was ever done before."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        with transaction.atomic():
            ContentRevision.objects.bump()
            revision = ContentRevision.objects.select_for_update().get()
            if revision.seeded_at:
                self.stdout.write("The database was seeded before; nothing to do.")
                return
            seed_policy(at=at)
            seed_registry(at=at)
            seed_plans()
            ContentRevision.objects.update(seeded_at=at)
        self.stdout.write("Seeded: the privacy policy, the cookies, a sample plan.")
