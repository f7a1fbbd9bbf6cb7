"""The images and compose.yaml: every app is in, nothing runs as root, and waits fit each other."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings

from tests.run_once import needs_no_database
from tests.running_site import environment, make_database, manage
from tests.with_postgresql import CONFIGURATION

pytestmark = needs_no_database

ROOT = Path(settings.BASE_DIR)
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text())[
    "services"
]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
# A version, and the system below it.
_EXACT = re.compile(r"\d+\.\d+(\.\d+)?-(bookworm|slim-bookworm|alpine)")


def seconds(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(s|m)", text).groups()
    return int(number) * {"s": 1, "m": 60}[unit]


def test_every_app_of_the_project_is_in_the_image() -> None:
    """Red when: an app is added, and .dockerignore does not let it into the image."""
    own_apps = {app.name for app in apps.get_app_configs() if Path(app.path).parent == ROOT}

    assert len(own_apps) >= 8
    assert own_apps - let_in() == set()


def let_in() -> set[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return {line.removeprefix("!") for line in lines if line.startswith("!")}


def test_every_file_that_the_images_and_compose_name_is_in_the_images() -> None:
    named = {*re.findall(r"\bdeploy/[\w.]+", DOCKERFILE)}
    named |= {
        service["command"] for service in SERVICES.values() if "/" in service.get("command", "")
    }

    assert len(named) >= 4
    assert named - let_in() == set()
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_image_has_an_exact_tag() -> None:
    tags = [tag for _name, tag in re.findall(r"^FROM (\S+?):(\S+)", DOCKERFILE, re.M)]
    tags.append(SERVICES["db"]["image"].partition(":")[2])

    assert len(tags) == 4
    assert [tag for tag in tags if not _EXACT.fullmatch(tag)] == []


def test_all_python_in_the_image_is_compiled() -> None:
    """Red when: each process compiles its files anew: it may not write, and Python's image strips them."""
    version = re.search(r"^FROM python:(\d+\.\d+)", DOCKERFILE, re.MULTILINE)[1]
    commands = re.findall(r"^RUN (python -m compileall (?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)

    assert len(commands) == 2
    assert all("--invalidation-mode unchecked-hash" in command for command in commands)
    words = " ".join(commands).split()
    assert {word for word in words if re.fullmatch(r"/[\w./]+", word)} == {
        *("/venv", "/app"),
        f"/usr/local/lib/python{version}",
    }


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_root_or_writes_into_its_image(name: str) -> None:
    service = SERVICES[name]
    target = service.get("build", {}).get("target")
    stage = DOCKERFILE.partition(f" AS {target}\n")[2].partition("\nFROM ")[0]
    user = service.get("user") or re.search(r"^USER (\d+)$", stage, re.M)[1]

    assert user not in {"root", "0"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]


def test_there_are_two_replicas_each_with_its_state() -> None:
    replicas = [name for name in SERVICES if name.startswith("web-")]
    servers = re.findall(r"server (\S+):8000", SERVICES["proxy"]["environment"]["NGINX_UPSTREAMS"])
    volumes = {volume for name in replicas for volume in SERVICES[name]["volumes"]}

    assert replicas == servers
    assert len(replicas) == len(volumes) == 2


def test_nobody_is_killed_before_the_answers_are_finished() -> None:
    """Red when: a service is stopped sooner than the program in it takes to end."""
    gunicorn = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    nginx = seconds(re.search(r"worker_shutdown_timeout (\w+);", NGINX)[1])

    for name in ("web-1", "web-2"):
        assert seconds(SERVICES[name]["stop_grace_period"]) > gunicorn["graceful_timeout"]
    assert seconds(SERVICES["proxy"]["stop_grace_period"]) > nginx
    assert seconds(SERVICES["worker"]["stop_grace_period"]) >= 60


def test_every_variable_of_the_proxy_has_a_value() -> None:
    """Red when: nginx's image finds no value: it would leave `${NGINX_...}` in the configuration."""
    used = {*re.findall(r"\$\{(\w+)\}", NGINX)}
    given = {*SERVICES["proxy"]["environment"]} | {*re.findall(r"\b(NGINX_\w+)=", DOCKERFILE)}

    assert len(used) >= 8
    assert used - given == set()


def test_a_container_without_postgresql_is_refused(tmp_path: Path) -> None:
    """Red when: each replica starts with an SQLite file of its own, and nobody hears of it."""
    assert "NEEDS_POSTGRESQL=1" in DOCKERFILE

    refused = manage("check", env=environment(tmp_path, NEEDS_POSTGRESQL="1"), check=False)

    assert refused.returncode != 0
    assert "give PostgreSQL" in refused.stderr


def test_the_one_shot_step_says_what_is_missing_and_how_to_log_in(tmp_path: Path) -> None:
    """Red when: a finding of the check ends the step, or it prints the password into a kept log."""
    env = environment(tmp_path, SITE_ORIGIN="https://voipstudio.pl")
    make_database(env)
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"

    done = subprocess.run(["deploy/prepare"], env=env, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "delivery.E001" in done.stderr + done.stdout
    assert done.stdout.endswith("docker compose run --rm prepare python manage.py first_login\n")
    assert "shown only now" not in done.stdout


def test_the_database_of_the_tests_logs_as_the_one_in_production() -> None:
    """Red when: PostgreSQL logs the statements that fail, which have whole sign-ups in them."""
    options = re.findall(r"-c (log_\w+)=(\w+)", SERVICES["db"]["command"])

    assert options == re.findall(r"^(log_\w+) = (\w+)$", CONFIGURATION, re.MULTILINE)
    assert len(options) == 2
