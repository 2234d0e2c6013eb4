"""`learnseal verify`: one report for each input, and an exit code that says the worst."""

import json
import shutil

import pytest


def reports(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_the_demo_issued_is_valid(run, demo, issued):
    done = run("verify", "--json", *issued[:3], data=demo)
    assert [r["verdict"] for r in reports(done)] == ["valid"] * 3
    assert done.returncode == 0


def test_the_report_has_the_members_of_the_contract(run, demo, issued):
    (report,) = reports(run("verify", "--json", issued[0], data=demo))
    assert set(report) >= {"input", "verdict", "summary", "credential", "findings", "checked_at"}
    assert report["input"] == str(issued[0])
    assert all(set(f) == {"check", "outcome", "code", "detail"} for f in report["findings"])


def test_the_revoked_one_is_not_valid_and_says_why(run, demo):
    (revoked,) = (demo / "issued/revoked").glob("*.json")
    done = run("verify", "--json", revoked, data=demo)
    (report,) = reports(done)
    assert (report["verdict"], done.returncode) == ("not_valid", 1)
    (status,) = [f for f in report["findings"] if f["check"] == "status"]
    assert (status["outcome"], status["code"]) == ("failed", "revoked")


def test_without_its_status_list_nobody_can_say(run, demo, issued, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(demo, copy)
    shutil.rmtree(copy / "status")
    done = run("verify", "--json", issued[0], data=copy)
    (report,) = reports(done)
    assert (report["verdict"], done.returncode) == ("could_not_check", 3)
    outcomes = {f["check"]: f["outcome"] for f in report["findings"]}
    assert (outcomes["proof"], outcomes["status"]) == ("passed", "unknown")


def test_one_changed_letter_is_not_valid(run, demo, issued, tmp_path):
    document = json.loads(issued[0].read_text())
    document["credentialSubject"]["achievement"]["name"] += "."
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(document))
    done = run("verify", "--json", changed, data=demo)
    assert (reports(done)[0]["verdict"], done.returncode) == ("not_valid", 1)


def test_several_inputs_answer_in_order_and_the_worst_decides(run, demo, issued, tmp_path):
    nonsense = tmp_path / "nonsense.json"
    nonsense.write_text("not json")
    listed = tmp_path / "list"
    listed.write_text(f"{issued[0]}\n{nonsense}\n{issued[1]}\n")
    done = run("verify", "--json", "--paths-from", listed, data=demo)
    assert [r["input"] for r in reports(done)] == [str(issued[0]), str(nonsense), str(issued[1])]
    assert [r["verdict"] == "valid" for r in reports(done)] == [True, False, True]
    assert done.returncode in (1, 3)


@pytest.mark.parametrize(
    "content", [b"not json", b"", b"{}", b"[]", b"42", b"\xff\xfe\x00", b'{"a":1,"a":2}', b"null"]
)
def test_what_is_no_credential_is_told_and_never_valid(run, content, tmp_path):
    path = tmp_path / "input"
    path.write_bytes(content)
    done = run("verify", "--json", path)
    (report,) = reports(done)
    assert report["verdict"] in ("not_valid", "could_not_check")
    assert report["findings"][0]["detail"]
    assert done.returncode in (1, 3, 64)
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_a_wrong_call(run, tmp_path):
    done = run("verify", tmp_path / "nowhere.json")
    assert done.returncode == 64
    assert "no such file" in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [[], ["--now", "yesterday", "x"], ["--bogus"]])
def test_a_wrong_call_says_how_it_goes(run, arguments):
    done = run("verify", *arguments)
    assert done.returncode == 64
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_person_can_read_it(run, demo, issued):
    done = run("verify", issued[0], data=demo)
    assert done.stdout.startswith("VALID")
    assert "passed" in done.stdout
