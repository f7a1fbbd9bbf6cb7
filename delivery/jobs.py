"""The job of the worker that sends mails."""

from delivery import outbox, worker

worker.register(outbox.send_next)
