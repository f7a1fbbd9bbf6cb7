"""An editor, a publisher, and a colleague who may neither write nor publish."""

import pytest

from privacy.roles import EDITORS, PUBLISHERS
from tests.privacy.policies.colleagues import Colleague


@pytest.fixture
def anna() -> Colleague:
    return Colleague("anna", EDITORS)


@pytest.fixture
def jan() -> Colleague:
    return Colleague("jan", PUBLISHERS)


@pytest.fixture
def reader() -> Colleague:
    return Colleague("reader")
