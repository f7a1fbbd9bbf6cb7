"""What is asked of a server, and how a right answer looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

from tests.bench.addresses import address
from tests.bench.answers import Answer, parse, read_bytes
from tests.bench.servers import Server

_numbers = count(1)


class WrongAnswer(Exception):
    """A server does not answer what is measured. The message says which and how."""


@dataclass(frozen=True)
class Target:
    """A request to one server. A target with a form is a POST."""

    name: str
    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    # Each request comes from a network of its own, which a proxy names: one may not choose often.
    has_many_clients: bool = False
    status: int = 200
    # Words that head or text of the answer must have, and words that they may not have.
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    # How many requests the database has rows of.
    stored: Callable[[], int] | None = None

    @property
    def method(self) -> str:
        return "POST" if self.form else "GET"

    @property
    def all_headers(self) -> dict[str, str]:
        """As they are sent, but for the address of one of many clients."""
        form = {"Content-Type": "application/x-www-form-urlencoded"} if self.form else {}
        return {"Host": f"127.0.0.1:{self.server.port}", **form, **self.headers}

    def request(self, client: str = "") -> bytes:
        """The bytes of the request, from the client at this address where there are many."""
        headers = self.all_headers
        if self.has_many_clients:
            headers["X-Forwarded-For"] = client or address(next(_numbers), block=0)
        if self.form:
            headers["Content-Length"] = str(len(self.form))
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", self.form]).encode()

    def ask(self) -> Answer:
        """One answer over a new connection."""
        with self.server.connect() as connection:
            connection.sendall(self.request())
            return parse(read_bytes(connection))

    def check(self) -> int:
        """Ask once. Returns the size of the answer in bytes; raises WrongAnswer."""
        answer = self.ask()
        text = answer.text
        problems = [f"has no {word!r}" for word in self.has if word not in text]
        problems += [f"has {word!r}" for word in self.lacks if word in text]
        if answer.status != self.status:
            problems.append(f"has status {answer.status} instead of {self.status}")
        if problems:
            raise WrongAnswer(f"{self.name}: the answer {', '.join(problems)}.")
        return answer.size


@dataclass(frozen=True)
class Comparison:
    """A target beside its reference, and the goal: how many times as fast it should be."""

    target: str
    reference: str
    goal: float
