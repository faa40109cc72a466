from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasongap.answers.notation import plain_notation


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\$1{,}234", "$1,234"),
        (r"1\,000\,000", "1000000"),
        ("1\u202f000 km, 5\u00a0m", "1000 km, 5 m"),
        ("−3, \u20113 and 5–7", "-3, -3 and 5-7"),
        (r"x = \frac{3}{4}", "x = 3/4"),
        (r"2\dfrac{1}{2} and 2½, ¾", "2 1/2 and 2 1/2, 3/4"),
        (r"\frac12", "1/2"),
        ("2 and a half, 3 and a quarter", "2 1/2, 3 1/4"),
        (r"12\%", "12%"),
        (r"18\text{ km}", "18  km "),
        (r"3 \times 4 \approx 12", "3 x 4 ≈ 12"),
        (r"\( 18 \)", "  18  "),
        ("\ufeff18\u200b", "18"),
        ("Ｘ：１８．５％，９＋９＝＄１８。", "Ｘ:18.5%, 9+9=$18. "),
    ],
)
def test_notation_is_brought_down_to_ascii(text: str, plain: str) -> None:
    assert plain_notation(text) == plain


@given(st.text(" abc0123456789.,/-+=*()%$\n"))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain_notation(text) == text
