"""S6: 10,000 people as a workbook through the page of a real server that is killed on the way."""

import csv
import io
import re
import socket
import subprocess
import sys
import time

import httpx
import psutil
import pytest
import xlsxwriter
from sqlalchemy import func, select

from issuer.awarding.workbook import convert
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import award, issuance
from issuer.organisations import accounts_store, sessions
from issuer.organisations.roles import Grant, Role
from issuer.organisations.store import by_slug
from tests.crash.rounds import ACHIEVEMENT, ROOT, Service, kill

pytestmark = pytest.mark.slow

BAD = 250
"""Every so many rows one has to be mended."""

AT_MOST = 5.0
"""Seconds of processor that taking the list may cost, and seconds a quiet machine may take."""

PATIENCE = 3_600.0
SLUG = "halvik"


def cells_of(number):
    """Return one row of the list; some cannot be awarded."""
    wrong = number % BAD == 0
    email = f"={number}" if wrong else f"{number}@student.example"
    return [f"Given {number}", "Família", email, "2026-06-12", f"{number:07}"]


HEAD = ["Given name", "Family name", "E-mail", "Awarded on", "Student number"]


def workbook(rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, cells_of(number))
    book.close()
    return file.getvalue()


class Server:
    """The service as people run it: `learnseal serve`, on loopback."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.service = Service(folder, f"sqlite:///{folder / 'learnseal.sqlite'}")
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "issuer.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.service.environment, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            if self.process.poll() is not None:  # something else had the port for a moment
                self.process.stderr.close()
                self.process = subprocess.Popen(
                    command,
                    env=self.service.environment,
                    stderr=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            try:
                if httpx.get(f"http://localhost:{self.port}/healthz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def kill(self):
        kill(self.process)

    def processor(self):
        """Return the seconds of processor used by the server and the processes it has ended."""
        spent = psutil.Process(self.process.pid).cpu_times()
        return spent.user + spent.system + spent.children_user + spent.children_system

    def person(self):
        """Return a browser of a coordinator."""
        instance = self.service.instance
        with unit_of_work(instance.engine) as connection:
            now = instance.now()
            number = accounts_store.add_account(connection, "zoe@x.example", "Zoë", "none", now)
            at = by_slug(connection, SLUG)
            accounts_store.grant(connection, number, Grant(at.id, Role.COORDINATOR))
            token = sessions.begin(connection, number, now)
        return httpx.Client(
            base_url=f"http://localhost:{self.port}",
            headers={"Accept": "text/html", "Cookie": f"__Host-learnseal={token}"},
            timeout=600,
        )


def token_of(page):
    return re.search(r'name="csrf" value="([0-9a-f]{64})"', page)[1]


def taken(server, ask):
    """Ask, and return the answer with what it cost: seconds by the wall, and of processor."""
    wall, spent = time.monotonic(), server.processor()
    answer = ask()
    return answer, time.monotonic() - wall, server.processor() - spent


def done_of(person, where):
    """Return state and number of finished rows, as the page tells them."""
    answer = person.get(where)
    assert answer.status_code == 200, answer.text
    page = answer.text
    state = re.search(r'class="state \w+">([^<]+)<', page)[1]
    return state, int(re.search(r'<progress value="(\d+)"', page)[1])


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path / "data")
    made.start()
    yield made
    made.kill()
    made.service.instance.engine.dispose()


@pytest.fixture
def person(server):
    with server.person() as browser:
        yield browser


@pytest.mark.parametrize("count", [3_000, 10_000])
def test_s6_ten_thousand_rows_by_xlsx_survive_kills_and_none_is_lost_or_doubled(
    server, person, tmp_path, count
):
    award_page = f"/staff/o/{SLUG}/award"
    csrf = token_of(person.get(award_page).text)
    content = workbook(count)
    sent, sent_wall, sent_spent = taken(
        server,
        lambda: person.post(
            award_page,
            data={"csrf": csrf, "achievement": ACHIEVEMENT},
            files={"file": ("cohort.xlsx", content)},
        ),
    )
    looked_over = sent.headers["location"]
    looked, look_wall, look_spent = taken(server, lambda: person.get(looked_over))
    good = count - count // BAD
    assert f"Award the {good} ready rows" in looked.text
    started, start_wall, start_spent = taken(
        server, lambda: person.post(f"{looked_over}/start", data={"csrf": csrf})
    )
    where = started.headers["location"]
    print(  # noqa: T201 - the record of the run
        f"{len(content)} bytes; upload {sent_wall:.2f} s ({sent_spent:.2f} s of processor), "
        f"look {look_wall:.2f} s ({look_spent:.2f}), start {start_wall:.2f} s ({start_spent:.2f})",
        flush=True,
    )
    assert sent_spent < AT_MOST
    assert start_spent < AT_MOST
    seen = [0]
    kills = 0
    ends = time.monotonic() + PATIENCE
    state = ""
    while state != "done" and time.monotonic() < ends:
        time.sleep(0.2)  # a chunk takes less than a second
        state, done = done_of(person, where)
        seen.append(done)
        if state != "done" and kills < 2 and done > good * (kills + 1) // 4:
            server.kill()
            kills += 1
            server.start()
    assert (state, kills) == ("done", 2)
    assert seen == sorted(seen)
    with reading(server.service.instance.engine) as connection:
        awards = connection.scalar(select(func.count()).select_from(award))
        people = connection.scalar(select(func.count(func.distinct(award.c.row_number))))
        issued = connection.scalar(
            select(func.count()).select_from(issuance).where(issuance.c.state == "published")
        )
    assert (awards, people, issued) == (good, good, good)
    check_error_sheets(person, where, range(BAD, count + 1, BAD), tmp_path)
    again = person.post(
        award_page,
        data={"csrf": csrf, "achievement": ACHIEVEMENT},
        files={"file": ("cohort.xlsx", content)},
    )
    assert "ready row" not in person.get(again.headers["location"]).text


def check_error_sheets(person, where, numbers, folder):
    """Both sheets hold the bad rows, each cell as it was sent, and nothing else."""
    bad = [cells_of(number) for number in numbers]
    text = person.get(f"{where}/errors.csv").content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:5] == HEAD
    harmless = [["'" + c if c.startswith("=") else c for c in row] for row in bad]
    assert [row[:5] for row in rows] == harmless
    assert [int(row[5]) for row in rows] == [number + 1 for number in numbers]
    path = folder / "back.xlsx"
    path.write_bytes(person.get(f"{where}/errors.xlsx").content)
    convert(path, folder / "back.csv")
    _, *rows = csv.reader(io.StringIO((folder / "back.csv").read_text()))
    assert [row[:5] for row in rows] == bad
