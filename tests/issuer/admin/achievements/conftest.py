"""A newcomer's micro-credential, written step by step through the forms of the desk."""

import pytest

from issuer.organisations.roles import Role

PROGRAMMING = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"

ABOUT = {
    "languages_shown": "en",
    "written_in": "en",
    "type": "MicroCredential",
    "title.en": "Water in the city",
    "description.en": "Plan a drainage system that stands a heavy rain.",
}
LEARNING = {
    "learning_outcomes.0.title.en": "Model a drainage system",
    "learning_outcomes.0.skills": PROGRAMMING,
    f"learning_outcomes.0.level.{PROGRAMMING}": "intermediate",
    "ects": "2,5",
    "hours": "68",
    "eqf_level": "6",
    "isced_f.0": "0732 Building and civil engineering",
}
ASSESSMENT = {
    "assessment.0.type": "project-work",
    "assessment.0.supervision": "supervised-with-id-verification",
    "assessment.0.criteria.en": "A plan and its defence.",
    "participation": "blended",
    "languages.0": "en",
    "prerequisites.en": "None.",
}
QUALITY = {
    "quality_assurance.0.type": "institutional-quality-assurance",
    "quality_assurance.0.body.legal_name": "Quality Council",
    "quality_assurance.0.assured_on": "2025-05-31",
    "quality_assurance.0.url": "https://quality.example/decisions/7",
    "stackability.kind": "stackable",
    "validity": "2",
    "validity.unit": "365",
}
STEPS = {"about": ABOUT, "learning": LEARNING, "assessment": ASSESSMENT, "quality": QUALITY}
KEY = "water-in-the-city"


@pytest.fixture
def engine(request, sqlite_model, tmp_path):
    """Pages are tried on SQLite; the verbs behind them on both databases."""
    import shutil

    from issuer.db import session

    path = tmp_path / "learnseal.sqlite"
    shutil.copyfile(sqlite_model, path)
    made = session.engine(f"sqlite:///{path}")
    yield made
    made.dispose()


class Office:
    """One member's desk in a browser, and the achievement written there."""

    def __init__(self, browser, slug):
        self.browser, self.slug = browser, slug
        self.shelf = f"/staff/o/{slug}/achievements"
        self.here = f"{self.shelf}/{KEY}"

    def open(self, path=""):
        return self.browser.open(self.here + path)

    def revision(self):
        import re

        page = self.open("/check").text
        return re.search(r'name="revision" value="(\d+)"', page)[1]

    def step(self, name, **changes):
        fields = {**STEPS[name], **changes, "go": changes.get("go", "next")}
        fields["revision"] = self.revision()
        return self.browser.submit(f"{self.here}/edit/{name}", **fields)

    def begin(self, **changes):
        return self.browser.submit(f"{self.shelf}/new", **{**ABOUT, **changes, "go": "next"})

    def write(self, *, without=()):
        self.begin()
        for name in ("learning", "assessment", "quality"):
            if name not in without:
                self.step(name)
        return self

    def publish(self, kind="MicroCredential"):
        fields = {"kind": kind, "revision": self.revision()}
        return self.browser.submit(f"{self.here}/check", f"{self.here}/publish", **fields)


@pytest.fixture
def office(sign_in_as, alliance):
    """A coordinator of a member university."""
    slug = alliance[1].slug
    return Office(sign_in_as(Role.COORDINATOR, slug), slug)
