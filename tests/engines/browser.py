"""The few words in which a journey speaks to a browser of any engine."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from tests.running_site import wait_until

# The size of the window until `resize`.
WIDTH, HEIGHT = 1024, 768

_MIDDLE = """element => {
  const middle = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [Math.round(x + width / 2), Math.round(y + height / 2)];
  };
  if (!element.contains(document.elementFromPoint(...middle()))) {
    element.scrollIntoView({ block: "center", behavior: "instant" });
  }
  return middle();
}"""


def element(selector: str) -> str:
    """An expression in JavaScript: the first element of a selector."""
    return f"document.querySelector({json.dumps(selector)})"


class Browser(ABC):
    """A browser with an empty device. Selectors are CSS and name one element, or the first."""

    # Errors of the engine that pass: one page leaves, and the next one is not there yet.
    passing_errors: tuple[type[Exception], ...]
    # The tab in use. A journey keeps it, and hands it back to `use_tab`.
    tab: Any

    def __init__(self) -> None:
        # What the console says and what the policy of the page forbids, where the engine tells it.
        self.problems: list[str] = []

    @abstractmethod
    def open(self, address: str) -> None:
        """Open an address in the tab in use, and wait until it has loaded."""

    @abstractmethod
    def open_tab(self) -> None:
        """Open an empty tab, and use it from now on."""

    @abstractmethod
    def use_tab(self, tab: Any) -> None: ...

    @abstractmethod
    def resize(self, width: int) -> None:
        """Make the page as many pixels wide."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Click on the middle of an element, as a hand does; scroll to it first, if need be."""

    @abstractmethod
    def type(self, selector: str, text: str) -> None:
        """Type with the keyboard, into a field."""

    @abstractmethod
    def count_role(self, selector: str, role: str) -> int:
        """How many elements inside of this one have a role for assistive technology.

        The role is the one that the engine computes, whatever attributes are there.
        """

    @property
    @abstractmethod
    def cookies(self) -> dict[str, str]:
        """The values of the cookies for the page, by name; those that scripts cannot read, too."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _run(self, expression: str) -> str:
        """The value of an expression in JavaScript, which is a string."""

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in JavaScript, by way of JSON. Works without scripts, too."""
        return json.loads(self._run(f"JSON.stringify(({expression}) ?? null)"))

    def middle_of(self, selector: str) -> tuple[int, int]:
        """Where to click on an element; scrolls to it if it is out of the window, or covered."""
        x, y = self.evaluate(f"({_MIDDLE})({element(selector)})")
        return x, y

    def wait_for(self, expression: str, *, seconds: float = 30) -> Any:
        """Wait until the expression is true, across pages that leave and come; its value then."""
        values = []

        def is_true() -> bool:
            values.append(self.evaluate(expression))
            return bool(values[-1])

        self.wait_until(is_true, expression, seconds=seconds)
        return values[-1]

    def wait_until(self, condition: Callable[[], bool], why: str, *, seconds: float = 30) -> None:
        """Wait until something that is asked of the page is true, across pages that leave and come."""

        def is_met() -> bool:
            try:
                return condition()
            except self.passing_errors:
                return False

        wait_until(is_met, seconds=seconds, why=why)
