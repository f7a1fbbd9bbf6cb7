"""Calls a WSGI application in this process, without sockets: `python -m tests.bench.calls MODULE`.

Standard input has a list of jobs as JSON. Each job runs in a fork of the same warm process, so that
what counts for one process (the CPU time, or a counter around it) counts for one job. Prints a line
of JSON for each job.
"""

import importlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connections

from tests.bench.addresses import address

WARM_UP = 20
# After the fork: its first calls open a connection to the database.
WARM_UP_OF_A_JOB = 3


def main(module: str) -> None:
    jobs = json.load(sys.stdin)
    application = importlib.import_module(module).application
    # No thread polls the database beside the calls.
    settings.CONTENT_IS_POLLED_BY_HAND = True
    for job in {job["name"]: job for job in jobs}.values():
        call(application, job, WARM_UP)
    # The two sides of a fork cannot share a connection.
    connections.close_all()
    for job in jobs:
        sys.stdout.flush()
        number = os.fork()
        if number == 0:
            run(application, job)
        if os.waitpid(number, 0)[1]:
            sys.exit(f"The calls of {job['name']!r} failed.")


def run(application: Callable[..., Any], job: dict[str, Any]) -> None:
    """Do one job, and end the process."""
    call(application, job, WARM_UP_OF_A_JOB)
    started = time.process_time()
    call(application, job, job["count"])
    seconds = time.process_time() - started
    line = {"name": job["name"], "count": job["count"], "pid": os.getpid(), "seconds": seconds}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    os._exit(0)


def call(application: Callable[..., Any], job: dict[str, Any], count: int) -> None:
    """Call the application so often. Raises AssertionError for an answer with another status."""
    environ = environ_of(job)
    body = job["form"].encode()
    statuses: set[str] = set()

    def start_response(status: str, *_rest: Any) -> None:
        statuses.add(status[:3])

    for number in range(count):
        if job["has_many_clients"]:
            environ["HTTP_X_FORWARDED_FOR"] = address(number, block=os.getpid() % 250)
        answer = application({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        for _piece in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()
    assert statuses <= {str(job["status"])}, (job["name"], statuses)


def environ_of(job: dict[str, Any]) -> dict[str, Any]:
    environ: dict[str, Any] = {"REQUEST_METHOD": job["method"], "PATH_INFO": job["path"]}
    setup_testing_defaults(environ)
    environ |= {"REMOTE_ADDR": "127.0.0.1", "wsgi.errors": sys.stderr}
    environ["CONTENT_LENGTH"] = str(len(job["form"]))
    for name, value in job["headers"].items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


if __name__ == "__main__":
    main(sys.argv[1])
