"""The worker of the web server with short waits and small buffers, so that tests meet both soon."""

from voipstudio.web.buffering_worker import BufferingWorker


class HastyServer(BufferingWorker):
    seconds_to_arrive = 1.0
    send_buffer_bytes = 4096
