"""What is a typed quantity, and what is a name with digits."""

import pytest

from mlsd_sphinx.typed_numbers import typed_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It takes 12 ms, 12ms or 12\u202fms.",
            ["12 ms", "12ms", "12\u202fms"],
        ),
        ("31,231 users per arm", ["31,231 users"]),
        ("a 90-day course of 14 days", ["90-day", "14 days"]),
        (
            "5 %, 5% and 5 percent, 5 per cent",
            ["5 %", "5%", "5 percent", "5 per cent"],
        ),
        (
            "+0.5 points, 2 percentage points",
            ["0.5 points", "2 percentage points"],
        ),
        ("11× as long, ×1.2, 10x", ["11×", "×1.2", "10x"]),
        ("$5 a day, € 3, £2", ["$5", "€ 3", "£2"]),
        ("p < .01 and 1e-9", [".01", "1e-9"]),
        ("from 3–5 GB, 10-20 ms", ["5 GB", "20 ms"]),
        ("64 GiB, 2 MiB, 8 KiB, 4 kB", ["64 GiB", "2 MiB", "8 KiB", "4 kB"]),
        ("a 70B model on 10k rows", ["70B", "10k"]),
        ("3 GFLOPs at 2 GHz and 5 W", ["3 GFLOPs", "2 GHz", "5 W"]),
        ("5s is not 5 s", ["5s", "5 s"]),
        ("24 h, 2 hours, 3 µs, 4 us", ["24 h", "2 hours", "3 µs", "4 us"]),
        ("2 cores, 3 requests, 4 items", ["2 cores", "3 requests", "4 items"]),
        ("10 million, 3 times", ["10 million", "3 times"]),
        ("GPT-4 scored 3.5", ["3.5"]),
        ("Python 3.11 and 4.5 seconds", ["4.5 seconds"]),
        ("NumPy 12 ms, Linux 5 %", ["12 ms", "5 %"]),
        ("Day 2.5", []),
        ("Figure 3 ms", ["3 ms"]),
        ("grows 1.5 times by row 2.5", ["1.5 times", "2.5"]),
        ("after two thousand steps 0.12 of them", ["0.12"]),
    ],
)
def test_a_quantity_is_found_with_its_unit(
    text: str, expected: list[str]
) -> None:
    assert typed_numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "three questions and 3 questions",
        "shape (3, 2), axis 0, 1 in 20, 50/50",
        "2026-11-24 at 06:10 and 127.0.0.1 and 1.2.3",
        "float32, p99, v2, 3D, GPT-4, a 32-bit integer",
        "Python 3.11, 3.12 and 3.13; NumPy 2.4+; pandas >= 3.0 and < 4.0",
        "PEP 8, NEP 50, IEEE 754, RFC 7231, CC BY 4.0, CUDA 12.4",
        "Section 3.2, Table 2.1, § 4.1, Fig. 3.1, version 1.2",
        "On Day 2 users ask; Week 1 days; Row 3 items",
        "all 1s and 0s, the 90s and the 1990s",
        "the address https://host/3.5/x and doi://10.5",
        "5-fold validation and the 95th percentile",
    ],
)
def test_a_name_with_digits_is_no_quantity(text: str) -> None:
    assert typed_numbers(text) == []
