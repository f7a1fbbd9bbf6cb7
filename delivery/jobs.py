"""The jobs of the worker that give a sign of life and send mails."""

from delivery import heartbeat, outbox, worker

worker.register(heartbeat.beat)

worker.register(outbox.send_next)
