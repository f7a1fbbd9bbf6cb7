"""The worker of the web server with short waits, so that tests need not wait for its deadlines."""

from voipstudio.web.buffering_worker import BufferingWorker


class HastyServer(BufferingWorker):
    seconds_to_arrive = 1.0
