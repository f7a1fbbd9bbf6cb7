"""`manage.py picture_notices` takes the pictures of the question that are missing.

It needs Chromium, and serves the site to it by itself. Run it after `migrate` of a release and
after a change of the cookies: docs/consent.md says what the pictures prove.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consent.looks import actions, shots
from consent.looks.chromium import ChromiumFailed
from consent.registry.registry import notice_key


class Command(BaseCommand):
    help = "Take the missing pictures of the question about cookies, in Chromium."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            notice, manifest = actions.present_question()
            looks = actions.missing_looks(notice, manifest)
            if not looks:
                self.stdout.write("Every picture of the present question is there.")
                return
            taken = [*shots.take(looks, notice_key=notice_key(notice.hash))]
        except (actions.NothingToPicture, shots.OtherQuestion, ChromiumFailed) as error:
            raise CommandError(str(error)) from error
        # The moment of storing, since the seal of a day finds rows by it.
        number = actions.store_pictures(taken, notice=notice, manifest=manifest, at=timezone.now())
        self.stdout.write(f"Pictures of the question taken: {number}.")
