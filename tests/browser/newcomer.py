"""The five-minute guide as a walk through a real browser: by the names that `docs/guide.md` uses.

The test compares what was pressed and filled in with the guide, and the pictures are taken on the
same walk, so neither can tell of a desk that is not there.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import xlsxwriter

LEARNER = ("Ana", "Andrade", "ana.andrade@student.example")
COHORT = [
    ["Given name", "Family name", "E-mail", "Awarded on"],
    ["Bruno", "Alves", "bruno.alves@student.example", "2026-06-12"],
    ["Chiara", "Conti", "chiara.conti@student.example", "2026-06-12"],
    ["Dirk", "de Vries", "dirk.devries(at)student.example", "2026-06-12"],
]
"""A list as offices have them: one row has to be mended."""

KEYSTROKE, POINT, THINK = 0.28, 1.5, 1.35
"""Seconds of a slow typist, of moving to something and pressing it, of thinking before (KLM)."""

READ = 8.0
"""Seconds that a newcomer looks at a page before the first act on it."""


def workbook():
    """Return the list as XLSX."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for number, row in enumerate(COHORT):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


@dataclass
class Walk:
    """One person's way through the pages: what they pressed, filled in, and how long it takes."""

    page: object
    picture: Callable = lambda page, name: None
    told: list = field(default_factory=list)
    screens: list = field(default_factory=list)
    seconds: float = 0.0

    def open(self, address):
        """Go to an address that was given to the person."""
        self.page.goto(address)
        self.arrive()

    def arrive(self):
        self.page.wait_for_load_state()
        self.screens.append(self.page.title().partition(" · ")[0])
        self.seconds += READ

    def press(self, name, within="body"):
        """Press what is called `name`, which leads to another page."""
        self.told.append(f"**{name}**")
        place = self.page.locator(within)
        button, link = (place.get_by_role(role, name=name) for role in ("button", "link"))
        button.or_(link).first.click()
        self.seconds += POINT + THINK
        self.arrive()

    def fill(self, name, text):
        """Write `text` into the field that is called `name`."""
        self.told.append(f"*{name}*")
        self.page.get_by_label(name).first.fill(text)
        self.seconds += POINT + THINK + len(text) * KEYSTROKE

    def choose(self, name, option):
        self.told.append(f"*{name}*")
        self.page.get_by_label(name).first.select_option(label=option)
        self.seconds += 2 * POINT + THINK

    def give(self, name, file, content):
        """Choose a file of one's own for the field that is called `name`."""
        self.told.append(f"*{name}*")
        chosen = {"name": file, "mimeType": "application/octet-stream", "buffer": content}
        self.page.get_by_label(name).first.set_input_files(chosen)
        self.seconds += 3 * POINT + THINK

    def see(self, words):
        """See what the guide says is to be seen."""
        self.page.get_by_text(words).first.wait_for()

    def show(self, name):
        self.picture(self.page, name)


def open_account(walk, link):
    """Open the first account by the link of the command line."""
    walk.open(link)
    walk.fill("Your name", "Ada Novak")
    walk.fill("E-mail address", "ada.novak@alliance.example")
    walk.fill("Password", "four unrelated plain words")
    walk.press("Open my account")
    walk.show("desk")


def found_university(walk):
    """Found a university below the alliance."""
    walk.press("Settings", "main .card >> nth=0")
    walk.fill("Legal name", "University of Solhavn")
    walk.fill("Name in addresses", "solhavn")
    walk.fill("Country", "DK")
    walk.press("Add the member")
    walk.press("University of Solhavn")


def write_achievement(walk):
    """Write a micro-credential in four steps, and publish it."""
    walk.press("Achievements", ".desk-bar")
    walk.press("Write a new one")
    walk.fill("Title", "Green roofs")
    walk.fill("Description", "Plan a green roof that holds a heavy rain.")
    walk.press("Save and go on")
    walk.fill("The learner can …", "Plan a green roof")
    walk.fill("ECTS credits", "1")
    walk.choose("EQF level", "5")
    walk.press("Save and go on")
    walk.choose("Type", "Project work")
    walk.choose("Form of participation", "Online")
    walk.press("Save and go on")
    walk.choose("Type", "Institutional Quality Assurance")
    walk.fill("Who assures it", "Quality Council")
    walk.press("Save and go on")
    walk.see("11/11")
    walk.show("publish")
    walk.press("Publish as micro-credential")


def award_one(walk):
    """Award one person, and return the learner's link."""
    walk.press("Award", ".desk-bar")
    walk.show("award")
    walk.press("Go on")
    for name, text in zip(("Given name", "Family name", "E-mail address"), LEARNER, strict=True):
        walk.fill(name, text)
    walk.press("Look it over")
    walk.press("Award", "main > .buttons")
    walk.show("awarded")
    return walk.page.input_value("#link")


def award_list(walk):
    """Award everybody on a list."""
    walk.press("Award", ".desk-bar")
    walk.give("List (CSV or XLSX", "cohort.xlsx", workbook())
    walk.press("Look it over")
    walk.see("to mend")
    walk.show("list")
    walk.press("Award the 2 ready rows")
    walk.page.wait_for_selector(".state.passed")


def claim(walk, link):
    """Take the award as its learner, and return the file."""
    walk.open(link)
    walk.show("claim")
    walk.told.append("**Download the file**")
    with walk.page.expect_download() as download:
        walk.page.get_by_text("Download the file").first.click()
    return download.value.path().read_bytes()


def verify(walk, address, file, verdict):
    """Check the file as an employer."""
    walk.open(f"{address}/verify")
    walk.give("Choose or drop a file", "credential.json", file)
    walk.press("Check it")
    walk.page.wait_for_selector("#verdict")
    assert walk.page.inner_text("#verdict") == verdict
    walk.told.append(f"**{verdict}**")
    walk.show(verdict)


def revoke(walk):
    """Revoke the award, for ever."""
    walk.press("Awards", ".desk-bar")
    walk.press("Ana Andrade", "main")
    walk.choose("Reason, told to everybody", "Issued in error")
    walk.show("revoke")
    walk.press("Revoke for ever")


def everything(walk, stranger, link, address):
    """Walk the whole guide; `stranger` makes the walk of somebody who is not signed in."""
    open_account(walk, link)
    found_university(walk)
    write_achievement(walk)
    first = len(walk.screens)
    claim_link = award_one(walk)
    screens, seconds = walk.screens[first:], walk.seconds
    award_list(walk)
    learner, employer = stranger(walk), stranger(walk)
    file = claim(learner, claim_link)
    verify(employer, address, file, "Valid")
    revoke(walk)
    verify(employer, address, file, "Not valid")
    return screens, seconds
