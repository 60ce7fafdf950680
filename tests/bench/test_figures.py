import pytest

from bench.figures import Sample, percentile


def test_a_percentile_is_a_turn_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7.0], 95) == 7.0


def test_two_rounds_add_up_to_one_sample() -> None:
    both = Sample((0.010, 0.030), 0.5) + Sample((0.020,), 0.5)

    assert (both.p50, both.p95) == pytest.approx((20, 30))
    assert both.rate == pytest.approx(3)
