import pytest

from benchmarks.numbers import each_more, growth, ratio_in_turn, rounded, spread


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 2.0])
def test_growth_is_the_exponent_of_size(exponent: float) -> None:
    sizes = [1e3, 1e4, 1e5]
    assert growth(sizes, [3 * size**exponent for size in sizes]) == pytest.approx(exponent)


def test_what_is_paid_once_is_in_no_further_one() -> None:
    assert each_more([100, 500, 1_000], [7.4, 9.0, 11.0]) == pytest.approx(0.004)


def test_a_slow_turn_hits_both_sides_of_a_ratio() -> None:
    assert ratio_in_turn([2.0, 20.0, 2.2], [1.0, 10.0, 1.0]) == 2.0


def test_spread_is_in_the_unit_asked_for() -> None:
    assert spread([0.001 * i for i in range(1, 102)], 1e-3) == {
        "median": 51.0,
        "p10": 11.0,
        "p90": 91.0,
        "p99": 100.0,
    }


def test_one_value_is_all_of_its_spread() -> None:
    assert set(spread([0.25]).values()) == {0.25}


def test_three_digits_are_kept() -> None:
    assert rounded(1234.5) == 1230
    assert rounded(0.00123456) == 0.00123
