"""No hostile file is ever valid, and no genuine one is turned away.

The fast form looks at about one in twelve in this process; the slow form hands all of them to one
``learnseal verify`` as a user would.
"""

import json
import subprocess
import sys
import threading
import time
from collections import Counter

import psutil
import pytest

from tests.hostile.corpus import ROWS, write
from tests.hostile.world import NOW, VALID

SAMPLE = 150
LEAST = 1_200
MEMORY = 512 * 2**20


def test_the_corpus_is_large_and_tries_every_row(made):
    _, cases = made
    names = Counter(case.name for case in cases)
    assert [name for name, count in names.items() if count > 1] == []
    hostile = [case for case in cases if case.allowed is not VALID]
    assert len(hostile) >= LEAST
    assert {name.partition("-")[0] for name in names} == ROWS | {"genuine"}
    assert not any(case.allowed & VALID for case in hostile)


def test_every_genuine_control_is_valid(made, judge):
    _, cases = made
    controls = [case for case in cases if case.allowed is VALID]
    assert len(controls) >= 40
    refused = {case.name: judge(case.data).verdict.value for case in controls}
    assert {name: verdict for name, verdict in refused.items() if verdict != "valid"} == {}


def test_a_sample_of_the_hostile_files_is_never_valid(made, judge):
    _, cases = made
    hostile = [case for case in cases if case.allowed is not VALID and len(case.data) < 100_000]
    wrong = {}
    for case in hostile[:: len(hostile) // SAMPLE]:
        report = judge(case.data)
        if report.verdict.value not in case.allowed or _is_broken(report.to_json(case.name)):
            wrong[case.name] = report.verdict.value
    assert wrong == {}


def _is_broken(report):
    return any(finding["code"] == "internal-error" for finding in report["findings"])


@pytest.mark.slow
def test_all_files_in_one_process(made, tmp_path, record_property):
    """One report each, in order; none hostile is valid, no genuine one refused."""
    world, cases = made
    listed, manifest = write(tmp_path, world, cases)
    command = [sys.executable, "-m", "issuer.cli", "verify", "--json", "--web", str(manifest)]
    command += ["--paths-from", str(listed), "--now", f"{NOW:%Y-%m-%dT%H:%M:%SZ}"]
    command += ["--data", str(tmp_path / "data")]
    out = tmp_path / "reports.jsonl"
    with out.open("wb") as reports, (tmp_path / "stderr").open("wb") as errors:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=reports, stderr=errors)
        peak = _Peak(process.pid)
        code = process.wait()
        seconds, most = time.monotonic() - begun, peak.stop()
    assert code == 1, (tmp_path / "stderr").read_text()[-2_000:]
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [report["input"] for report in found] == listed.read_text().splitlines()
    pairs = zip(cases, found, strict=True)
    wrong = {c.name: r["verdict"] for c, r in pairs if r["verdict"] not in c.allowed}
    assert wrong == {}
    assert [report["input"] for report in found if _is_broken(report)] == []
    figures = f"{len(found)} files, {seconds:.0f} s, {most / 2**20:.0f} MB at most"
    record_property("hostile corpus", figures)
    print(f"\nhostile corpus: {figures}; {Counter(r['verdict'] for r in found)}")  # noqa: T201 - a figure for who runs it
    assert most < MEMORY


class _Peak:
    """The most memory (RSS) a process and its children had together."""

    def __init__(self, pid):
        self.process = psutil.Process(pid)
        self.most = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()

    def _watch(self):
        while not self.ended.wait(0.1):
            try:
                family = [self.process, *self.process.children(recursive=True)]
                self.most = max(self.most, sum(one.memory_info().rss for one in family))
            except psutil.NoSuchProcess:
                continue

    def stop(self):
        self.ended.set()
        self.thread.join()
        return self.most
