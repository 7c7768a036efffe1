"""The command: a JSON array on standard output, or nothing there and the reason on standard error."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from returns.domain.storefront import SHIPPED

FOLDER = SHIPPED / "cases"
POLICIES = Path(__file__).parent / "policies"
ROOT = Path(__file__).parents[3]


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, without any server to talk to."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "manage.py", "evaluate_policy", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, env=environment, check=False)


def called(*arguments: str) -> str:
    out = io.StringIO()
    call_command("evaluate_policy", *arguments, stdout=out)
    return out.getvalue()


def test_a_file_of_cases_becomes_an_array_of_results_without_a_database() -> None:
    done = run(str(FOLDER / "le-petit-spa.json"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert [answer["id"] for answer in json.loads(done.stdout)][:2] == ["LPS-C001", "LPS-C002"]


def test_cases_come_from_standard_input_too() -> None:
    done = run("-", stdin=(FOLDER / "image-consumer.json").read_bytes())
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(json.loads(done.stdout)) == len(json.loads((FOLDER / "image-consumer.json").read_text()))


def test_bad_input_prints_nothing_but_the_case_and_the_field_on_standard_error() -> None:
    cases = json.loads((FOLDER / "image-consumer.json").read_text())
    cases[3]["order"]["lines"][0]["quantity"] = 0
    done = run("-", stdin=json.dumps(cases).encode())
    assert done.returncode != 0
    assert done.stdout == b""
    assert b"case CON-C004 (number 4): order.lines[0].quantity: must be a whole number from 1" in done.stderr


def test_another_folder_of_policies(tmp_path: Path) -> None:
    cases = json.loads((FOLDER / "le-petit-spa.json").read_text())[:1]
    cases[0].update(id="mine", storefront="green-pot")
    cases[0]["order"]["lines"][0]["kind"] = "pot"
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases))
    (answer,) = json.loads(called(str(path), "--policies", str(POLICIES)))
    assert answer["result"]["lines"][0]["restocking_fee"] == "6.75"


def test_a_wrong_policy_names_file_and_key(tmp_path: Path) -> None:
    wrong = (POLICIES / "green-pot.toml").read_text().replace("fee_percent = 15", "fee_percent = 115")
    (tmp_path / "pots.toml").write_text(wrong)
    with pytest.raises(CommandError, match=r"^pots\.toml: tiers\[0\]\.fee_percent: must be a number from 0 to 100"):
        called(str(FOLDER / "le-petit-spa.json"), "--policies", str(tmp_path))


@pytest.mark.parametrize("name", ["missing.json", ".", "no\0name"])
def test_a_file_that_can_not_be_read(name: str) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        called(name)
