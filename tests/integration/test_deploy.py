# SPDX-License-Identifier: Apache-2.0
"""What lies under deploy/: Terraform, compose.yaml, systemd units. Nothing is made anywhere."""
import configparser
import json
import re
import shutil
import subprocess

import pytest
import yaml
from support import cloud_tools, terraform, tidemill

ROOT = terraform.ROOT
UNITS = ROOT / "deploy" / "systemd"


def run(*command, cwd, timeout=300, check=True):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def terraform_program():
    found = shutil.which("terraform")
    if found is None:
        pytest.skip("no terraform on this machine")
    return found


def test_terraform_is_formatted(terraform_program):
    run(terraform_program, "fmt", "-check", "-diff", cwd=terraform.FOLDER)


def test_terraform_is_valid(terraform_program, tmp_path):
    """With the provider's own schema."""
    copy = shutil.copytree(terraform.FOLDER, tmp_path / "terraform", ignore=shutil.ignore_patterns(".terraform*"))
    if run(terraform_program, "init", "-backend=false", "-input=false", cwd=copy, check=False).returncode != 0:
        pytest.skip("the google provider cannot be had here; argument names are checked by its documentation below")
    run(terraform_program, "validate", cwd=copy)


def test_arguments_are_those_of_the_providers_documentation():
    documented, sources = terraform.documented()
    assert set(terraform.resources()) <= set(sources)
    wrong = []
    for kind, blocks in terraform.resources().items():
        for block, names in blocks.items():
            path = f"{kind}/{block}" if block else kind
            if block == "lifecycle":
                continue
            allowed = documented.get(path)
            assert allowed is not None, f"tests/deploy/google-arguments.tsv lacks {path}"
            wrong += [f"{path}: {name}" for name in names - allowed - terraform.META]
    assert not wrong
    assert len(terraform.resources()) > 15
    # No line is left of what no longer is used.
    assert {path.split("/")[0] for path in documented} == set(terraform.resources())


def test_every_variable_and_output_is_described():
    for file, kind in (("variables.tf", "variable"), ("outputs.tf", "output")):
        blocks = {}
        for path, name in terraform.arguments((terraform.FOLDER / file).read_text(encoding="utf-8")):
            if path and path[0] == kind:
                blocks.setdefault(path[1], set()).add(name)
        assert len(blocks) > 5
        for name, arguments in blocks.items():
            assert "description" in arguments, f"{kind} {name}"


def test_the_example_sets_variables_that_exist():
    declared = re.findall(r'^variable "(\w+)"', (terraform.FOLDER / "variables.tf").read_text(encoding="utf-8"), re.M)
    example = (terraform.FOLDER / "terraform.tfvars.example").read_text(encoding="utf-8")
    used = re.findall(r"^(?:# )?(\w+) +=", example, re.M)
    assert {"project", "bucket"} <= set(used)
    assert set(used) <= set(declared)
    used_in_files = "".join(file.read_text(encoding="utf-8") for file in terraform.files())
    assert [name for name in declared if f"var.{name}" not in used_in_files.replace(f'variable "{name}"', "")] == []


def test_needed_services_are_enabled():
    """Each resource's API, by the first word of its type."""
    text = (terraform.FOLDER / "main.tf").read_text(encoding="utf-8")
    for prefix, service in {
        "google_storage": "storage", "google_artifact_registry": "artifactregistry", "google_cloud_run": "run",
        "google_cloud_scheduler": "cloudscheduler", "google_compute": "compute", "google_bigquery": "bigquery",
        "google_service_account": "iam", "google_secret_manager": "secretmanager",
    }.items():
        assert any(kind.startswith(prefix) for kind in terraform.resources())
        assert f'"{service}.googleapis.com"' in text


def test_no_account_has_a_role_over_everything():
    text = (terraform.FOLDER / "accounts.tf").read_text(encoding="utf-8")
    roles = re.findall(r'"(roles/[\w.]+)"', text)
    assert len(roles) > 6
    assert not [role for role in roles if re.search(r"(^roles/(owner|editor)$)|admin$", role, re.I)]


def test_checkov_finds_nothing_that_is_not_explained():
    checkov = cloud_tools.program("checkov")
    done = run(checkov, "-d", str(terraform.FOLDER), "--framework", "terraform", "--skip-download", "--compact", "-o",
               "json", cwd=ROOT, check=False)
    results = json.loads(done.stdout)["results"]
    assert [f"{check['check_id']} {check['resource']}: {check['check_name']}" for check in results["failed_checks"]] == []
    assert len(results["passed_checks"]) > 20
    assert all(len(check["check_result"]["suppress_comment"]) > 20 for check in results["skipped_checks"])


def test_tflint_finds_nothing():
    """With its own rules of the language; those for Google's resources are another download."""
    tflint = cloud_tools.program("tflint")
    done = run(tflint, "--chdir", str(terraform.FOLDER), "--enable-plugin", "terraform", "--format", "json", cwd=ROOT, check=False)
    found = json.loads(done.stdout)
    assert [f"{issue['rule']['name']}: {issue['message']} {issue['range']}" for issue in found["issues"]] == []
    assert found["errors"] == []


@pytest.mark.parametrize("name", [
    "my-project-key.json", "service-account.json", "deploy/terraform/terraform.tfvars", "deploy/terraform/terraform.tfstate",
    "deploy/terraform/terraform.tfstate.backup", "deploy/terraform/.terraform/x", "deploy/terraform/a.tfplan", ".env",
    "application_default_credentials.json",
])
def test_secrets_stay_out_of_the_repository(name):
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git repository here")
    run("git", "check-ignore", "-q", name, cwd=ROOT)


@pytest.mark.parametrize("name", ["deploy/terraform/terraform.tfvars.example", "deploy/terraform/.terraform.version"])
def test_what_belongs_there_is_not_ignored(name):
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git repository here")
    assert run("git", "check-ignore", "-q", name, cwd=ROOT, check=False).returncode == 1


def test_compose_gives_every_container_only_its_state():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"tidemill"}
    for service in services.values():
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["state:/data"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        secrets = {key: value for key, value in service.get("environment", {}).items() if "AUTH" in key}
        assert all(value.startswith("${") for value in secrets.values())


def compose_commands():
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", (ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return {name: service["command"] for name, service in yaml.safe_load(text)["services"].items()}


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string((UNITS / name).read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("name", sorted(path.name for path in UNITS.glob("*.service")))
def test_units_run_as_their_own_user_without_rights(name):
    service = unit(name)["Service"]
    assert service["User"] == "tidemill" and service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == "" and service["ProtectSystem"] == "strict"
    assert service["ExecStart"].startswith("/opt/tidemill/bin/tidemill ")
    assert service["EnvironmentFile"].startswith("-/etc/tidemill/")


def test_units_pass_systemds_own_check(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine")
    for path in UNITS.glob("*.*"):
        if path.suffix in (".service", ".timer"):
            text = path.read_text(encoding="utf-8").replace("/opt/tidemill/bin/tidemill", "/bin/true")
            (tmp_path / path.name).write_text(text, encoding="utf-8")
    done = run(analyze, "verify", *sorted(map(str, tmp_path.iterdir())), cwd=tmp_path, check=False)
    assert "Unknown" not in done.stderr and "Failed to" not in done.stderr, done.stderr


@pytest.mark.usefixtures("program")
def test_the_commands_of_units_and_containers_exist():
    lines = [unit(path.name)["Service"]["ExecStart"].split()[1:] for path in UNITS.glob("*.service")]
    lines += compose_commands().values()
    assert len(lines) == 3
    for words in lines:
        tidemill.assert_done(tidemill.tidemill(*(word for word in words if word != "$OPTIONS"), "--help"))


def test_unit_compose_and_virtual_machine_run_the_same():
    """One way: `tidemill up` over one folder; only where that lies differs."""
    vm = (terraform.FOLDER / "vm.yaml.tftpl").read_text(encoding="utf-8")
    command = re.search(r"\$\{image\} (.*)", vm)[1]
    assert command.split() == compose_commands()["tidemill"][:3] == ["up", "--data", "/data"]
    assert unit("tidemill.service")["Service"]["ExecStart"].split()[1:] == ["up", "--data", "/var/lib/tidemill", "$OPTIONS"]
    assert yaml.safe_load(vm)["write_files"][-1]["path"] == "/etc/tidemill/tidemill.env"
