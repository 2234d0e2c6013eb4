"""What the log tells, and what it keeps to itself."""

import io
import json
import logging
from datetime import date

import pytest

from issuer.cli.logs import Discreet, JsonLines, configure
from issuer.settings import Settings
from issuer.web.request_id import new_request_id, request_id


def lines_of(formatter, write):
    """Return what `write` put into a log of this form."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    log = logging.Logger("learnseal.test")  # noqa: LOG001 - one that leaves no trace
    log.addHandler(handler)
    write(log)
    return out.getvalue()


def fails_over_ada(log):
    try:
        date.fromisoformat("Ada Lovelace <ada@student.example>")
    except ValueError:
        log.exception("a round of housekeeping failed")


def test_a_line_is_one_json_object():
    line = json.loads(lines_of(JsonLines(), lambda log: log.warning("mail %d waits", 7)))
    assert line["message"] == "mail 7 waits"
    assert (line["level"], line["logger"]) == ("warning", "learnseal.test")
    assert line["time"].endswith("+00:00")
    assert "error" not in line


def test_a_line_break_in_a_message_makes_no_second_line():
    assert lines_of(JsonLines(), lambda log: log.warning("one\ntwo")).count("\n") == 1


@pytest.mark.parametrize("formatter", [JsonLines(), Discreet()])
def test_an_error_is_told_by_class_and_way_and_never_by_its_text(formatter):
    told = lines_of(formatter, fails_over_ada)
    assert "ValueError" in told
    assert "fails_over_ada" in told
    assert "Ada" not in told
    assert "student.example" not in told


def test_the_lines_of_a_request_carry_its_id():
    before = request_id.get()
    try:
        made = new_request_id()
        line = json.loads(lines_of(JsonLines(), lambda log: log.warning("x")))
    finally:
        request_id.set(before)
    assert line["request"] == made


def test_the_settings_choose_the_form():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        configure(Settings(log_format="json", log_level="INFO"))
        assert isinstance(root.handlers[0].formatter, JsonLines)
        assert root.level == logging.INFO
    finally:
        root.handlers[:] = before
        root.setLevel(level)
