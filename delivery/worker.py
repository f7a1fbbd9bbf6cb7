"""Jobs of the worker process. An app registers its jobs in its `jobs.py`."""

from collections.abc import Callable
from datetime import datetime

# Does one task that is due at the given moment. Returns whether there was one.
Job = Callable[[datetime], bool]

_jobs: list[Job] = []


def register(job: Job) -> None:
    _jobs.append(job)


def work(at: datetime, *, is_told_to_stop: Callable[[], bool] = lambda: False) -> bool:
    """Do one due task of each job. Returns whether there may be more.

    A worker that is told to stop begins no further task. A job that fails does not keep the others
    from their turn; the first error is raised at the end.
    """
    is_any_done, errors = False, []
    for job in _jobs:
        if is_told_to_stop():
            break
        try:
            is_any_done |= job(at)
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return is_any_done


def work_off(at: datetime) -> None:
    """Do every due task of every job."""
    while work(at):
        pass
