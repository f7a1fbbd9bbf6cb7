"""`manage.py seed` fills an empty database once: later changes and deletions by staff stay.

Pages and sections are the exception: staff cannot delete them, so each run adds missing ones.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from consent.seed import seed_registry
from content.models import ContentRevision
from pricing.seed import seed_plans
from privacy.seed import seed_policy
from voipstudio.seed import add_missing_pages, seed_questions


class Command(BaseCommand):
    help = "Store the policy, the cookies, sample plans and the texts of pages, once."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        with transaction.atomic():
            # Row lock: a second `seed` at the same moment waits here, then sees `seeded_at`.
            ContentRevision.objects.bump()
            add_missing_pages()
            if ContentRevision.objects.get().seeded_at:
                self.stdout.write(
                    "The database was seeded before: only pages that were missing are added."
                )
                return
            seed_policy(at=at)
            seed_registry(at=at)
            seed_plans()
            seed_questions()
            ContentRevision.objects.update(seeded_at=at)
        self.stdout.write(
            "Seeded: the privacy policy, the cookies, sample plans, the texts of pages."
        )
