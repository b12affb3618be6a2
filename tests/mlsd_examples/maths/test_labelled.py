"""Tables and labels come back as what the lessons compute with."""

import numpy as np
import pytest

from mlsd_examples.maths._labelled import both_classes, labels_of, table


@pytest.mark.parametrize("kind", ["int64", "float32", "bool"])
def test_a_table_is_a_copy_in_double_precision(kind: str) -> None:
    given = np.array([[0, 1]], dtype=kind)
    found = table("features", given)
    assert found.dtype == np.float64
    found[0, 0] = 9
    assert given[0, 0] == 0


@pytest.mark.parametrize("kind", ["int8", "uint8", "bool"])
def test_labels_become_bools(kind: str) -> None:
    found = labels_of(np.array([0, 1, 1], dtype=kind), rows=3)
    assert found.dtype == np.bool_
    assert found.tolist() == [False, True, True]


def test_the_first_bad_cell_is_named() -> None:
    with pytest.raises(ValueError, match=r"^x\[1, 0\]=inf is not finite$"):
        table("x", [[0.0, 1.0], [np.inf, np.nan]])


def test_one_of_each_is_enough() -> None:
    labels = np.array([False, True])
    assert both_classes(labels) is labels
    with pytest.raises(ValueError, match=r"^all labels are 0: there is"):
        both_classes(~labels[1:])
