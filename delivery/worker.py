"""What is done beside the pages: jobs that apps register, each doing one due thing at a time."""

from collections.abc import Callable
from datetime import datetime

# Does one thing that is due at the moment given, and says whether there was one.
Job = Callable[[datetime], bool]

_jobs: list[Job] = []


def register(job: Job) -> None:
    _jobs.append(job)


def work(at: datetime) -> bool:
    """Do one due thing of each job. Returns whether there may be more.

    Each has its turn, whatever becomes of the others; then what went wrong first is raised.
    """
    is_any_done, errors = False, []
    for job in _jobs:
        try:
            is_any_done |= job(at)
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return is_any_done


def work_off(at: datetime) -> None:
    """Do everything that is due."""
    while work(at):
        pass
