"""Folds and scores agree with scikit-learn; leaks are found where planted."""

import math
import re
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_selection import SelectKBest, r_regression
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlsd_examples.experiments.leakage import (
    Finding,
    Model,
    Preparation,
    audit_split,
    draw_scores,
    fold_predictions,
    group_folds,
    planted_leak,
    random_folds,
    selector,
    standardiser,
)


def data(seed: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((60, 7)) * [1, 2, 3, 4, 5, 6, 7] + 3
    y = (x[:, 0] + rng.standard_normal(60) > 3).astype(float)
    return x, y, random_folds(60, 4, rng)


def absolute_correlation(x: Any, y: Any) -> Any:
    return np.abs(r_regression(x, y))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_scikit_learn_scores_the_same_folds_the_same(seed: int) -> None:
    x, y, folds = data(seed)
    split = PredefinedSplit(folds)
    models: list[tuple[Model, Any]] = [
        ("neighbour", KNeighborsClassifier(1)),
        ("centroid", NearestCentroid()),
    ]
    steps: list[tuple[Preparation, Any]] = [
        (standardiser, StandardScaler()),
        (selector(3), SelectKBest(absolute_correlation, k=3)),
    ]
    for model, oracle in models:
        np.testing.assert_array_equal(
            fold_predictions(x, y, folds, model=model),
            cross_val_predict(oracle, x, y, cv=split),
        )
        for prepare, step in steps:
            np.testing.assert_array_equal(
                fold_predictions(x, y, folds, model=model, prepare=prepare),
                cross_val_predict(make_pipeline(step, oracle), x, y, cv=split),
            )
            leaking = fold_predictions(
                x, y, folds, model=model, prepare=prepare, leak=True
            )
            outside = step.fit_transform(x, y)
            np.testing.assert_array_equal(
                leaking, cross_val_predict(oracle, outside, y, cv=split)
            )


def test_a_negative_fold_is_trained_on_and_never_predicted() -> None:
    x = np.array([[0.0], [5.0], [0.1], [4.9]])
    y = np.array([0.0, 1.0, 7.0, 7.0])
    found = fold_predictions(x, y, np.array([-1, -2, 0, 0]))
    np.testing.assert_array_equal(found, [np.nan, np.nan, 0.0, 1.0])


def test_leak_without_preparation_changes_nothing() -> None:
    x, y, folds = data(1)
    np.testing.assert_array_equal(
        fold_predictions(x, y, folds, leak=True), fold_predictions(x, y, folds)
    )


@given(st.integers(2, 9), st.integers(0, 30))
def test_random_folds_are_as_equal_as_they_can_be(k: int, more: int) -> None:
    folds = random_folds(k + more, k, np.random.default_rng(more))
    sizes = np.bincount(folds)
    assert len(sizes) == k
    assert sizes.max() - sizes.min() <= 1


def test_folds_are_dealt_at_random() -> None:
    rng = np.random.default_rng(1)
    deals = {tuple(random_folds(9, 3, rng).tolist()) for _ in range(20)}
    assert len(deals) > 15


@given(st.lists(st.sampled_from("abcdef"), min_size=1), st.integers(0, 99))
def test_a_group_never_straddles_two_folds(
    groups: list[str], seed: int
) -> None:
    names = sorted(set(groups))
    if len(names) < 2:
        return
    folds = group_folds(groups, 2, np.random.default_rng(seed))
    pairs = set(zip(groups, folds.tolist(), strict=True))
    assert len(pairs) == len(names)
    assert {fold for _, fold in pairs} == {0, 1}


@pytest.mark.parametrize(
    ("n", "folds", "message"),
    [
        (5, 1, "folds=1 is below 2"),
        (2, 3, "3 folds of 2 rows"),
        (0, 2, "n=0 is below 1"),
    ],
)
def test_impossible_folds_are_refused(
    n: int, folds: int, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        random_folds(n, folds, np.random.default_rng(1))


def test_as_many_folds_as_rows_are_allowed() -> None:
    folds = random_folds(2, 2, np.random.default_rng(1))
    assert sorted(folds.tolist()) == [0, 1]


def test_groups_must_be_a_list() -> None:
    with pytest.raises(
        ValueError, match=r"^groups of shape \(1, 2\) are not a list$"
    ):
        group_folds([[1, 2]], 2, np.random.default_rng(1))


def test_the_selector_takes_the_first_of_equals_and_skips_constants() -> None:
    x = np.array([[7.0, 1, 1, 9], [7, 2, 2, 0], [7, 3, 3, 9]])
    y = np.array([1.0, 2.0, 3.0])
    assert selector(1)(x, y)(x).tolist() == [[1.0], [2.0], [3.0]]
    assert selector(3)(x, y)(x).shape == (3, 3)
    # The constant feature has no correlation: taken last, never NaN.
    assert selector(4)(x, y)(x)[0].tolist()[:2] == [1.0, 1.0]
    # A negative correlation counts as much as a positive one.
    assert selector(1)(-x, y)(-x).tolist() == [[-1.0], [-2.0], [-3.0]]
    with pytest.raises(ValueError, match=r"^count=0 is below 1$"):
        selector(0)


X4, Y4 = np.zeros((4, 1)), np.array([0.0, 1.0, 0.0, 1.0])
F4 = np.array([0, 0, 1, 1])


@pytest.mark.parametrize(
    ("x", "y", "folds", "message"),
    [
        (np.zeros(4), Y4, F4, "x of shape (4,), y of shape (4,)"),
        (X4, Y4[:3], F4, "y of shape (3,)"),
        (X4, Y4, F4[:3], "folds of shape (3,) do not match"),
        (X4 * math.nan, Y4, F4, "x and y must be finite"),
        (X4, Y4 * math.nan, F4, "x and y must be finite"),
        (X4, Y4, F4 * 0, "fold 0 leaves no row to train on"),
    ],
)
def test_impossible_data_are_refused(
    x: Any, y: Any, folds: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        fold_predictions(x, y, folds)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"^model='tree' is none of \('neighbour', 'centroid'\)$",
    ):
        fold_predictions(X4, Y4, F4, model="tree")  # type: ignore[arg-type]


def test_three_planted_leaks_are_counted() -> None:
    x = np.array([[1, 2], [3, 4], [5, 6], [3, 4], [7, 8], [1, 2]])
    test = np.array([False, False, False, True, True, True])
    found = audit_split(
        x, test, groups=[1, 2, 3, 3, 4, 4], times=[0, 1, 5, 5, 6, 2]
    )
    assert found == (
        Finding("shared groups", 1),
        Finding("equal rows", 2),
        Finding("future rows", 2),
    )


def test_a_sound_split_has_no_findings() -> None:
    x = np.arange(8).reshape(4, 2)
    test = np.array([False, False, True, True])
    assert audit_split(x, test) == ()
    assert (
        audit_split(x, test, groups=["a", "a", "b", "b"], times=[1, 2, 3, 4])
        == ()
    )


@pytest.mark.parametrize(
    ("x", "test", "more", "message"),
    [
        (X4, F4 == 9, {}, "0 of 4 rows are for the test"),
        (X4, F4 < 9, {}, "4 of 4 rows are for the test"),
        (
            X4,
            F4,
            {},
            "x of shape (4, 1) does not match test of shape (4,)"
            " and type int64",
        ),
        (Y4, F4 == 1, {}, "x of shape (4,) does not match"),
        (X4[:3], F4 == 1, {}, "x of shape (3, 1) does not match"),
        (X4, F4 == 1, {"groups": [1]}, "groups of shape (1,) are not 4"),
        (X4, F4 == 1, {"times": [[1] * 4]}, "times of shape (1, 4) are not 4"),
    ],
)
def test_impossible_audits_are_refused(
    x: Any, test: Any, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        audit_split(x, test, **more)


@pytest.mark.parametrize(
    ("leak", "least", "sound"),
    [
        ("user", 0.97, 0.5),
        # A twin in another fold, or a coin: 0.80 + 0.20 / 2.
        ("copy", 1 - 79 / 399 / 2, 0.5),
        ("selection", 0.75, 0.5),
        ("time", 0.90, 0.5 + 0.5 * np.mean(0.9 ** np.arange(1, 81))),
    ],
)
def test_noise_scores_as_derived(
    leak: Any, least: float, sound: float
) -> None:
    rng = np.random.default_rng(3)
    runs = np.array([planted_leak(leak, rng) for _ in range(40)])
    error = runs.std(axis=0, ddof=1) / 40**0.5
    assert abs(runs[:, 1].mean() - sound) < 4 * error[1]
    assert runs[:, 0].mean() > least - 4 * error[0]
    if leak == "copy":
        assert runs[:, 0].mean() < least + 4 * error[0]


def test_a_scaler_outside_the_folds_changes_little() -> None:
    rng = np.random.default_rng(4)
    runs = np.array([planted_leak("scaler", rng) for _ in range(20)])
    assert abs(np.diff(runs, axis=1).mean()) < 0.02
    assert 0.55 < runs.mean() < 0.75


def test_an_unknown_leak_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^leak='luck' is none of \('user'"):
        planted_leak("luck", np.random.default_rng(1))  # type: ignore[arg-type]


def test_both_scores_are_drawn_and_named() -> None:
    _, axes = plt.subplots()
    scores = {"users": (0.99, 0.5), "scaler": (0.64, 0.65)}
    draw_scores(axes, scores, chance=0.5, xlabel="accuracy")
    assert [t.get_text() for t in axes.get_yticklabels()] == [*scores]
    assert list(axes.get_yticks()) == [1, 0]
    assert [t.get_text() for t in axes.texts] == [
        "0.99",
        "0.50",
        "0.64",
        "0.65",
    ]
    legend = axes.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == [
        "chance",
        "leaking split",
        "sound split",
    ]
    marks = {line.get_marker() for line in axes.lines}
    assert {"o", "s"} <= marks
    ends = {
        line.get_label(): np.asarray(line.get_xydata()).tolist()
        for line in axes.lines
        if str(line.get_label()).endswith("split")
    }
    assert ends == {
        "leaking split": [[0.99, 1], [0.64, 0]],
        "sound split": [[0.5, 1], [0.65, 0]],
    }
    links = [
        np.asarray(line.get_xydata()).tolist()
        for line in axes.lines
        if str(line.get_label()).startswith("_")
    ]
    assert links == [[[0.5, 1], [0.99, 1]], [[0.65, 0], [0.64, 0]]]
    assert axes.lines[0].get_xdata() == [0.5, 0.5]
    assert axes.get_ylim() == (-0.6, 1.6)
    assert axes.get_xlabel() == "accuracy"
    # A number stands before the line of chance, a circle around its square.
    for text in axes.texts:
        patch = text.get_bbox_patch()
        assert patch is not None
        assert list(patch.get_facecolor()) == [1, 1, 1, 1]
        assert list(patch.get_edgecolor())[-1] == 0
    circle, square = (
        line.get_markersize()
        for marker in "os"
        for line in axes.lines
        if line.get_marker() == marker
    )
    assert circle >= 1.4 * square
    plt.close()


def test_nothing_to_draw_is_refused() -> None:
    _, axes = plt.subplots()
    with pytest.raises(ValueError, match=r"^there are no scores to draw$"):
        draw_scores(axes, {}, chance=0.5, xlabel="accuracy")
    plt.close()


def folds_of(n: int, rng: Any) -> Any:
    return rng.permutation(np.arange(n) % 5)


def scored(model: Any, x: Any, y: Any, folds: Any) -> float:
    said = cross_val_predict(model, x, y, cv=PredefinedSplit(folds))
    return float((said == y).mean())


@pytest.mark.parametrize(
    ("leak", "units", "rows", "noise"),
    [("user", 100, 4, 0.1), ("copy", 200, 2, 0)],
)
def test_groups_are_planted_as_documented(
    leak: Any, units: int, rows: int, noise: float
) -> None:
    found = planted_leak(leak, np.random.default_rng(6))
    rng = np.random.default_rng(6)
    centres = rng.standard_normal((units, 8))
    x = np.repeat(centres, rows, axis=0)
    x = x + noise * rng.standard_normal(x.shape)
    y = np.repeat(rng.integers(0, 2, units), rows)
    nearest = KNeighborsClassifier(1)
    leaking = scored(nearest, x, y, folds_of(units * rows, rng))
    whole = np.repeat(folds_of(units, rng), rows)
    assert found == (leaking, scored(nearest, x, y, whole))


def test_time_is_planted_as_documented() -> None:
    found = planted_leak("time", np.random.default_rng(6))
    rng = np.random.default_rng(6)
    y = (np.cumsum(rng.random(400) < 0.05) % 2).astype(float)
    assert found[1] == float((y[320:] == y[319]).mean())
    folds = folds_of(400, rng)
    hits = []
    for i in range(400):
        others = [j for j in range(400) if folds[j] != folds[i]]
        hits.append(y[min(others, key=lambda j: (abs(j - i), j))] == y[i])
    assert found[0] == float(np.mean(hits))


def test_selection_is_planted_as_documented() -> None:
    found = planted_leak("selection", np.random.default_rng(6))
    rng = np.random.default_rng(6)
    x = rng.standard_normal((50, 1000))
    y = rng.integers(0, 2, 50)
    folds = folds_of(50, rng)
    select = SelectKBest(absolute_correlation, k=10)
    chosen = select.fit_transform(x, y)
    centroid = NearestCentroid()
    pipe = make_pipeline(select, centroid)
    assert found == (
        scored(centroid, chosen, y, folds),
        scored(pipe, x, y, folds),
    )


def test_the_scaler_is_planted_as_documented() -> None:
    found = planted_leak("scaler", np.random.default_rng(6))
    rng = np.random.default_rng(6)
    x = rng.standard_normal((200, 4))
    y = (x[:, 0] + rng.standard_normal(200) > 0).astype(float)
    x = x * [1, 2, 4, 8]
    folds = folds_of(200, rng)
    nearest = KNeighborsClassifier(1)
    scaled = StandardScaler().fit_transform(x)
    pipe = make_pipeline(StandardScaler(), nearest)
    assert found == (
        scored(nearest, scaled, y, folds),
        scored(pipe, x, y, folds),
    )
