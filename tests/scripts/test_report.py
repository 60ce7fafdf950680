"""scripts/test runs every test once, and its last line is a true sum."""

from itertools import product
from pathlib import Path

from scripts.steps.places import APP_PYTHON
from scripts.steps.test import Count, _stages, read_report

MARKS = ("rasa", "browser", "postgres", "redis", "processes", "timed", "slow")


def test_whatever_a_test_is_marked_with_one_run_takes_it() -> None:
    lanes = [lane for stage in _stages(slow=True) for lane in stage]
    runs = [run for lane in lanes for run in lane if run.python == APP_PYTHON]
    chosen = [run.arguments[list(run.arguments).index("-m") + 1] for run in runs]
    for given in product((False, True), repeat=len(MARKS)):
        marks = dict(zip(MARKS, given, strict=True))
        taken = [each for each in chosen if eval(each, marks.copy())]  # our own words
        assert len(taken) == 1, (marks, taken)


def test_errors_are_failures_and_skipped_ones_did_not_pass(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    suite = '<testsuite tests="10" failures="2" errors="1" skipped="3"/>'
    report.write_text(f"<testsuites>{suite}{suite}</testsuites>", "utf-8")
    assert read_report(report) == Count(passed=8, failed=6, skipped=6)


def test_a_run_that_wrote_no_report_passed_nothing(tmp_path: Path) -> None:
    assert read_report(tmp_path / "none.xml") == Count()
