"""The last line of scripts/test is a true sum."""

from pathlib import Path

from scripts.steps.test import Count, read_report


def test_errors_are_failures_and_skipped_ones_did_not_pass(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    suite = '<testsuite tests="10" failures="2" errors="1" skipped="3"/>'
    report.write_text(f"<testsuites>{suite}{suite}</testsuites>", "utf-8")
    assert read_report(report) == Count(passed=8, failed=6, skipped=6)


def test_a_run_that_wrote_no_report_passed_nothing(tmp_path: Path) -> None:
    assert read_report(tmp_path / "none.xml") == Count()
