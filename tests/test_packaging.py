"""What a release is built and run with: the lock, the container, the service, and that nothing secret is in them."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from bot.store.schema import MIGRATIONS
from tests.conftest import ROOT

LOCKS = (ROOT / "requirements.lock", ROOT / "deploy" / "build.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
SERVICE = ROOT / "deploy" / "btc-bch-bot.service"
BINARIES = {".onnx", ".npz", ".png"}
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
EVENT = re.compile(r"""log\.(?:warning|error|info)\(\s*"([a-z_.]+)\"""")


def pinned(lock: Path) -> Iterator[tuple[Requirement, int]]:
    """Yield each requirement of a lock with the number of its hashes."""
    text = lock.read_text("utf-8")
    for block in re.split(r"\n(?=[a-z])", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)):
        first, *hashes = re.split(r" \\\n\s+", block.strip())
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), first
        yield Requirement(first), len(hashes)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_one_version_of_each_with_hashes(lock: Path) -> None:
    """And no host and no path, so that it holds wherever packages come from."""
    found = list(pinned(lock))

    assert found
    for requirement, hashes in found:
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes > 0, requirement
        assert requirement.url is None
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links", lock.read_text("utf-8"))


def test_the_lock_fits_what_the_project_asks_for() -> None:
    """Everything that `pyproject.toml` needs to run is in the lock, in a version that it allows."""
    versions: dict[str, list[Version]] = {}
    for requirement, _ in pinned(LOCKS[0]):
        (specifier,) = requirement.specifier
        versions.setdefault(requirement.name, []).append(Version(specifier.version))
    project = PROJECT["project"]
    wanted = map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["charts"]])

    misfits = [
        str(one)
        for one in wanted
        if not versions.get(one.name) or not all(one.specifier.contains(found) for found in versions[one.name])
    ]

    assert misfits == [], "run the line in SECURITY.md that makes requirements.lock"


def test_the_build_lock_fits_what_the_build_asks_for() -> None:
    (wanted,) = map(Requirement, PROJECT["build-system"]["requires"])
    ((found, _),) = pinned(LOCKS[1])

    assert found.name == wanted.name
    assert wanted.specifier.contains(next(iter(found.specifier)).version)


def test_no_known_flaw_is_in_the_lock() -> None:
    """`pip-audit` finds nothing; where it is missing, or cannot ask, this says so."""
    if not importlib.util.find_spec("pip_audit"):
        pytest.skip("pip-audit is not installed")
    options = ("--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=5")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", "-r", str(LOCKS[0]), *options],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("the advisories did not answer within a minute")
    try:
        found = json.loads(done.stdout)["dependencies"]
    except ValueError:
        pytest.skip(f"the advisories cannot be asked: {done.stderr.strip().splitlines()[-1]}")
    if not any("vulns" in one for one in found):
        pytest.skip("no advisories for any package can be reached")

    assert [(one["name"], flaw["id"]) for one in found for flaw in one.get("vulns", ()) if flaw["fix_versions"]] == []


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with what follows them."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [(name, rest) for line in text.splitlines() if line.strip() for name, _, rest in [line.partition(" ")]]


def test_the_image_is_pinned_and_runs_as_nobody_in_particular() -> None:
    """One base of one version for both stages; not root; a health check without extra programs; no secrets."""
    said = instructions()
    (base,) = [rest for name, rest in said if name == "ARG"]
    last = [rest for name, rest in said if name == "USER"][-1]
    commands = " ".join(rest for _, rest in said)

    assert re.fullmatch(r"BASE=python:\d+\.\d+\.\d+-slim-[a-z]+", base)
    assert [rest.split()[0] for name, rest in said if name == "FROM"] == ["${BASE}"] * 2
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last)
    names = [name for name, _ in said]
    assert names.index("USER") > len(names) - names[::-1].index("FROM") - 1  # in the stage that runs
    assert not re.search(r"curl|wget|sudo|apt-get|latest|chmod 777|ADD ", DOCKERFILE)
    assert not re.search(r"TOKEN|SALT|PASSWORD|KEY", commands)
    assert "--require-hashes" in commands
    (health,) = [rest for name, rest in said if name == "HEALTHCHECK"]
    assert "/healthz" in health
    assert json.loads(health[health.index("[") :])[0] == "python"


def test_what_the_image_copies_is_there_and_let_in() -> None:
    """The ignore file shuts everything out but that."""
    ignored = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").split()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for name, rest in instructions()
        if name == "COPY" and "--from" not in rest
        for source in [word for word in rest.split() if not word.startswith("--")][:-1]
    }

    assert copied == let_in
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_the_versions_of_the_image_are_those_of_the_project() -> None:
    """Its Python is one that the project takes, and is tested with."""
    found = re.search(r"python:(\d+\.\d+)", DOCKERFILE)

    assert found
    assert Requirement(f"python{PROJECT['project']['requires-python']}").specifier.contains(f"{found[1]}.0")


def test_migrations_and_the_model_are_packed() -> None:
    """What is read at run time is in the wheel."""
    assert (MIGRATIONS / "__init__.py").is_file()
    assert (MIGRATIONS / "versions" / "__init__.py").is_file()
    assert PROJECT["tool"]["setuptools"]["package-data"]["bot.match"] == ["background.txt", "model/*"]


def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_containers_are_shut_in() -> None:
    """Read-only, without rights, with limits; PostgreSQL only when asked for; no secret in the file."""
    services = compose()["services"]
    bot, postgres = services["bot"], services["postgres"]

    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert {"mem_limit", "pids_limit", "tmpfs", "restart", "stop_grace_period"} <= set(bot)
    assert bot["depends_on"]["postgres"]["required"] is False
    assert all("no-new-privileges:true" in one["security_opt"] for one in services.values())
    assert not any("ports" in one or one.get("privileged") for one in services.values())
    assert postgres["profiles"] == ["postgres"]
    assert re.fullmatch(r"postgres:\d+\.\d+-[a-z]+", postgres["image"])
    assert postgres["environment"]["POSTGRES_PASSWORD_FILE"].startswith("/run/secrets/")


def test_volumes_and_secrets_are_declared() -> None:
    """Each that a service names stands below, and each below is named."""
    found = compose()
    used = {volume.partition(":")[0] for one in found["services"].values() for volume in one["volumes"]}

    assert {name for name in used if not name.startswith(".")} == set(found["volumes"])
    assert {name for one in found["services"].values() for name in one.get("secrets", ())} == set(found["secrets"])


def test_the_example_of_the_environment_holds_no_secret() -> None:
    lines = (ROOT / "deploy" / "bot.env.example").read_text("utf-8").splitlines()

    assert {line for line in lines if line and not line.startswith("#")} == {"TELEGRAM_BOT_TOKEN=", "BOT_SALT="}


needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


@needs_systemd
def test_the_service_is_well_formed() -> None:
    """Nothing is complained of but that the program is not installed here."""
    done = subprocess.run(["systemd-analyze", "verify", str(SERVICE)], capture_output=True, text=True, check=False)  # noqa: S607 - from the path

    complaints = [line for line in done.stderr.splitlines() if SERVICE.name in line]
    assert [line for line in complaints if "is not executable" not in line] == []


@needs_systemd
def test_the_service_is_shut_in() -> None:
    """Its exposure is below 2.0 of 10, as systemd reckons."""
    options = ("security", "--offline=true", "--threshold=20", "--no-pager")
    done = subprocess.run(["systemd-analyze", *options, str(SERVICE)], capture_output=True, text=True, check=False)  # noqa: S607 - from the path

    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_the_service_does_what_the_program_expects() -> None:
    """It is told when the bot is ready, wakes one that stands still, and does not repeat wrong input."""
    said = SERVICE.read_text("utf-8")

    for line in ("Type=notify", "Restart=on-failure", "RestartPreventExitStatus=2", "DynamicUser=yes"):
        assert line in said.splitlines()
    assert re.search(r"^WatchdogSec=\d+$", said, re.MULTILINE)
    assert "@resources" not in re.sub(r"^#.*", "", said, flags=re.MULTILINE)  # os.nice in bot/bindery would be refused
    assert not re.search(r"TOKEN=|SALT=", said)


def test_the_settings_of_container_and_service_exist() -> None:
    """Each BOT__ variable names a key of config.yml."""
    keys = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    named = set(re.findall(r"BOT__([A-Z_]+?)__([A-Z_]+)=", DOCKERFILE + SERVICE.read_text("utf-8")))

    assert named
    assert [one for one in named if one[1].lower() not in keys[one[0].lower()]] == []


def tracked() -> list[Path]:
    """Return the files of the repository, skipping where this is no checkout."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 - from the path
    if done.returncode:
        pytest.skip("not a checkout")
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def test_only_the_model_and_pictures_are_binary() -> None:
    """SECURITY.md says which, and why."""
    binary = [path for path in tracked() if b"\0" in path.read_bytes()[:8000]]

    assert {path.suffix for path in binary} <= BINARIES
    assert {path.parent.relative_to(ROOT).as_posix() for path in binary} <= {"bot/match/model", "docs"}


def test_no_file_holds_a_token() -> None:
    """Nothing of the shape of a bot's token is in the repository, but for those that tests make up."""
    token = re.compile(rb"\b[1-9]\d{7,10}:[A-Za-z0-9_-]{35}\b")

    assert [path for path in tracked() if "tests" not in path.parts and token.search(path.read_bytes())] == []


def events() -> set[str]:
    return {event for path in (ROOT / "bot").rglob("*.py") for event in EVENT.findall(path.read_text("utf-8"))}


def test_the_runbook_says_what_each_event_means() -> None:
    """Each event that the program logs stands in the runbook, and no other."""
    table = RUNBOOK.partition("## What the log says")[2].partition("\n## ")[0]
    told = {name for row in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE) for name in re.findall(r"[\w.]+", row)}

    assert told == events()
