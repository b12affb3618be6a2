"""Scores that know the answer, beside scores that do not.

A split leaks when the test rows tell the model something that the world will
not: the same user, the same row, the next minute, or a feature list that was
chosen with the test labels.  Here each leak is planted into data in which
there is nothing to find.

In production, use ``GroupKFold``, ``TimeSeriesSplit`` and ``Pipeline`` of
scikit-learn.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from mlsd_examples._refusals import whole

__all__ = [
    "Finding",
    "Model",
    "Preparation",
    "audit_split",
    "draw_scores",
    "fold_predictions",
    "group_folds",
    "planted_leak",
    "random_folds",
    "selector",
    "standardiser",
]

Array: TypeAlias = npt.NDArray[Any]
Folds: TypeAlias = npt.NDArray[np.intp]
Transform: TypeAlias = Callable[[Array], Array]
Preparation: TypeAlias = Callable[[Array, Array], Transform]
Model: TypeAlias = Literal["neighbour", "centroid"]
Kind: TypeAlias = Literal["shared groups", "equal rows", "future rows"]
Leak: TypeAlias = Literal["user", "copy", "selection", "time", "scaler"]

_CHANCE: dict[str, Any] = {"color": "#777777", "linestyle": ":"}
_LINK: dict[str, Any] = {"color": "#222222", "linewidth": 1, "zorder": 1}
_MARK: dict[str, Any] = {"linestyle": "none", "zorder": 2}
_LEAKING = {"marker": "o", "color": "#D55E00", "markersize": 9, **_MARK}
_SOUND = {"marker": "s", "color": "#0072B2", "markersize": 7, **_MARK}
_NOTE: dict[str, Any] = {
    "textcoords": "offset points",
    "ha": "center",
    "fontsize": 8.5,
}
_ABOVE, _BELOW = {"xytext": (0, 9), **_NOTE}, {"xytext": (0, -15), **_NOTE}
_LEGEND: dict[str, Any] = {
    "loc": "upper center",
    "ncols": 3,
    "fontsize": 8.5,
    "bbox_to_anchor": (0.5, 1.16),
    "frameon": False,
}


@dataclass(frozen=True)
class Finding:
    """One way in which a test set is known to the training set.

    Parameters
    ----------
    kind : str
        Which check found it.
    rows : int
        Test rows concerned.
    """

    kind: Kind
    rows: int


def random_folds(n: int, folds: int, rng: np.random.Generator) -> Folds:
    """Deal rows into folds of equal size, at random.

    Parameters
    ----------
    n : int
        Number of rows.
    folds : int
        Number of folds, from 2 to `n`.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of int, shape (n,)
        Fold of each row, from 0.

    Raises
    ------
    ValueError
        If there are fewer than two folds, or more than rows.

    Examples
    --------
    >>> folds = random_folds(6, 3, np.random.default_rng(5))
    >>> np.bincount(folds).tolist()
    [2, 2, 2]
    >>> random_folds(2, 3, np.random.default_rng(5))
    Traceback (most recent call last):
        ...
    ValueError: 3 folds of 2 rows
    """
    folds = whole("folds", folds, least=2)
    if folds > whole("n", n, least=1):
        raise ValueError(f"{folds} folds of {n} rows")
    return rng.permutation(np.arange(n) % folds)


def group_folds(
    groups: npt.ArrayLike, folds: int, rng: np.random.Generator
) -> Folds:
    """Deal whole groups into folds, at random.

    Parameters
    ----------
    groups : array-like, shape (n,)
        Group of each row.
    folds : int
        Number of folds, from 2 to the number of groups.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of int, shape (n,)
        Fold of each row; rows of one group share it.

    Raises
    ------
    ValueError
        If `groups` is not a list, or there are too few.

    Examples
    --------
    >>> folds = group_folds(["a", "a", "b"], 2, np.random.default_rng(5))
    >>> bool(folds[0] == folds[1]), bool(folds[0] == folds[2])
    (True, False)
    """
    labels = np.asarray(groups)
    if labels.ndim != 1:
        raise ValueError(f"groups of shape {labels.shape} are not a list")
    names, at = np.unique(labels, return_inverse=True)
    return random_folds(len(names), folds, rng)[at]


def fold_predictions(
    x: Array,
    y: Array,
    folds: Folds,
    *,
    model: Model = "neighbour",
    prepare: Preparation | None = None,
    leak: bool = False,
) -> Array:
    """Predict each row from the rows of the other folds.

    Parameters
    ----------
    x : ndarray of float, shape (n, features)
        Features.
    y : ndarray of float, shape (n,)
        Targets; two classes, 0 and 1, for the centroid.
    folds : ndarray of int, shape (n,)
        Fold of each row; rows of a negative fold are always trained on and
        never predicted.
    model : {"neighbour", "centroid"}
        Copies the target of the nearest row, or takes the class whose mean
        is nearer.
    prepare : callable, optional
        Fits a transform to features and targets.
    leak : bool
        Whether it is fitted once to all rows, test rows included.

    Returns
    -------
    ndarray of float, shape (n,)
        Predictions; NaN where no prediction was asked for.

    Raises
    ------
    ValueError
        If shapes do not match, a value is not finite, the model is unknown,
        or no fold leaves rows to train on.

    Examples
    --------
    The neighbour of each row lies in the other fold:

    >>> x = np.array([[0.0], [0.1], [5.0], [5.1]])
    >>> y = np.array([0.0, 0.0, 1.0, 1.0])
    >>> fold_predictions(x, y, np.array([0, 1, 0, 1])).tolist()
    [0.0, 0.0, 1.0, 1.0]

    Split by cluster, it does not:

    >>> fold_predictions(x, y, np.array([0, 0, 1, 1])).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    if model not in get_args(Model):
        raise ValueError(f"model={model!r} is none of {get_args(Model)}")
    if x.ndim != 2 or y.shape != x.shape[:1] or folds.shape != y.shape:
        raise ValueError(
            f"x of shape {x.shape}, y of shape {y.shape} and folds of shape"
            f" {folds.shape} do not match"
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x and y must be finite")
    predict = _neighbour if model == "neighbour" else _centroid
    if prepare and leak:
        x = prepare(x, y)(x)
    predictions = np.full(y.shape, np.nan)
    for fold in np.unique(folds[folds >= 0]).tolist():
        test = folds == fold
        if test.all():
            raise ValueError(f"fold {fold} leaves no row to train on")
        inputs = x
        if prepare and not leak:
            inputs = prepare(x[~test], y[~test])(x)
        predictions[test] = predict(inputs[~test], y[~test], inputs[test])
    return predictions


def selector(count: int) -> Preparation:
    """Make a preparation that keeps the features most correlated with y.

    Parameters
    ----------
    count : int
        Features kept, at least 1.

    Returns
    -------
    callable
        For `prepare` of :func:`fold_predictions`.

    Raises
    ------
    ValueError
        If `count` is below 1.

    Examples
    --------
    >>> x = np.array([[0.0, 1.0], [9.0, 2.0], [1.0, 3.0], [8.0, 4.0]])
    >>> selector(1)(x, np.array([0.0, 0.0, 1.0, 1.0]))(x).ravel().tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    count = whole("count", count, least=1)

    def fit(x: Array, y: Array) -> Transform:
        centred = x - x.mean(axis=0)
        spread = np.sqrt((centred**2).sum(axis=0))
        score = np.abs((y - y.mean()) @ centred) / np.where(spread, spread, 1)
        kept = np.argsort(-score, kind="stable")[:count]
        return lambda rows: rows[:, kept]

    return fit


def standardiser(x: Array, _: Array) -> Transform:
    """Fit mean and standard deviation of each feature.

    Parameters
    ----------
    x : ndarray of float, shape (n, features)
        Rows to fit to.
    _ : ndarray of float, shape (n,)
        Not used: a scaler never sees the targets.

    Returns
    -------
    callable
        Subtracts the means and divides by the deviations; a constant
        feature becomes 0.

    Examples
    --------
    >>> x = np.array([[1.0, 7.0], [3.0, 7.0]])
    >>> standardiser(x, np.zeros(2))(x).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    mean, sd = x.mean(axis=0), x.std(axis=0)
    return lambda rows: (rows - mean) / np.where(sd, sd, 1)


def audit_split(
    x: Array,
    test: npt.NDArray[np.bool_],
    *,
    groups: npt.ArrayLike | None = None,
    times: npt.ArrayLike | None = None,
) -> tuple[Finding, ...]:
    """Look for test rows that the training rows already know.

    Parameters
    ----------
    x : ndarray, shape (n, features)
        Features.
    test : ndarray of bool, shape (n,)
        Which rows are for the test.
    groups : array-like, shape (n,), optional
        Group of each row, such as its user.
    times : array-like, shape (n,), optional
        When each row was known.

    Returns
    -------
    tuple of Finding
        What was found; empty if nothing was.

    Raises
    ------
    ValueError
        If lengths differ, or one side of the split is empty.

    Notes
    -----
    Future rows are test rows not later than the last training row.  What
    happened before the split, such as a selection, leaves no trace here.

    Examples
    --------
    The last row repeats the first:

    >>> x = np.array([[1, 2], [3, 4], [1, 2]])
    >>> audit_split(x, np.array([False, False, True]))
    (Finding(kind='equal rows', rows=1),)
    >>> audit_split(x, np.array([True, True, True]))
    Traceback (most recent call last):
        ...
    ValueError: 3 of 3 rows are for the test
    """
    if x.ndim != 2 or test.shape != x.shape[:1] or test.dtype != np.bool_:
        raise ValueError(
            f"x of shape {x.shape} does not match test of shape"
            f" {test.shape} and type {test.dtype}"
        )
    if test.all() or not test.any():
        raise ValueError(f"{test.sum()} of {len(test)} rows are for the test")
    found: dict[Kind, int] = {}
    if groups is not None:
        labels = _column("groups", groups, len(test))
        found["shared groups"] = int(
            np.isin(labels[test], labels[~test]).sum()
        )
    known = {tuple(row) for row in x[~test].tolist()}
    found["equal rows"] = sum(tuple(r) in known for r in x[test].tolist())
    if times is not None:
        when = _column("times", times, len(test))
        found["future rows"] = int((when[test] <= when[~test].max()).sum())
    return tuple(Finding(kind, rows) for kind, rows in found.items() if rows)


def planted_leak(leak: Leak, rng: np.random.Generator) -> tuple[float, float]:
    """Score one data set by a split that leaks and by one that does not.

    Parameters
    ----------
    leak : {"user", "copy", "selection", "time", "scaler"}
        Rows of one user, copies of rows, features chosen beforehand,
        neighbouring minutes, or a scaler fitted beforehand.
    rng : Generator
        Source of randomness.

    Returns
    -------
    leaking, sound : float
        Accuracy by five folds, with the leak and without; for time, sound
        means that the last fifth is predicted from what came before.

    Raises
    ------
    ValueError
        If there is no such leak.

    Notes
    -----
    All labels but the scaler's are coin flips that no feature knows: of a
    user, of a row, or of a state that lasts 20 minutes on average.

    Examples
    --------
    Copies of rows, whose labels are coin flips:

    >>> leaking, sound = planted_leak("copy", np.random.default_rng(5))
    >>> leaking > 0.8, sound < 0.7
    (True, True)
    >>> planted_leak("luck", np.random.default_rng(5))
    Traceback (most recent call last):
        ...
    ValueError: leak='luck' is none of ('user', 'copy', 'selection', ...
    """
    if leak not in get_args(Leak):
        raise ValueError(f"leak={leak!r} is none of {get_args(Leak)}")
    if leak in {"user", "copy"}:
        units, rows, noise = (100, 4, 0.1) if leak == "user" else (200, 2, 0.0)
        groups = np.repeat(np.arange(units), rows)
        x = rng.standard_normal((units, 8))[groups]
        x += noise * rng.standard_normal(x.shape)
        y = rng.integers(0, 2, units)[groups].astype(float)
        return (
            _accuracy(x, y, random_folds(len(y), 5, rng)),
            _accuracy(x, y, group_folds(groups, 5, rng)),
        )
    if leak == "time":
        y = (rng.random(400) < 1 / 20).cumsum() % 2 * 1.0
        x = np.arange(400.0)[:, None]
        later = np.where(x[:, 0] < 320, -1, 0)
        return (
            _accuracy(x, y, random_folds(400, 5, rng)),
            _accuracy(x, y, later),
        )
    model: Model
    fit: Preparation
    if leak == "selection":
        x = rng.standard_normal((50, 1000))
        y = rng.integers(0, 2, 50).astype(float)
        model, fit = "centroid", selector(10)
    else:
        x = rng.standard_normal((200, 4))
        model, fit = "neighbour", standardiser
        y = (x[:, 0] + rng.standard_normal(200) > 0).astype(float)
        x *= [1, 2, 4, 8]
    folds = random_folds(len(y), 5, rng)
    return (
        _accuracy(x, y, folds, model=model, prepare=fit, leak=True),
        _accuracy(x, y, folds, model=model, prepare=fit, leak=False),
    )


def draw_scores(
    axes: Axes,
    scores: Mapping[str, tuple[float, float]],
    *,
    chance: float,
    xlabel: str,
) -> None:
    """Draw what a leaking split says beside what a sound one says.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    scores : mapping of str to (float, float)
        Leaking and sound score by name, from top to bottom.
    chance : float
        Score of a guess.
    xlabel : str
        What the score is.

    Raises
    ------
    ValueError
        If there are no scores.
    """
    if not scores:
        raise ValueError("there are no scores to draw")
    places = range(len(scores))[::-1]
    axes.axvline(chance, label="chance", **_CHANCE)
    for place, (leaking, sound) in zip(places, scores.values(), strict=True):
        axes.plot([sound, leaking], [place, place], **_LINK)
        axes.annotate(f"{leaking:.2f}", (leaking, place), **_ABOVE)
        axes.annotate(f"{sound:.2f}", (sound, place), **_BELOW)
    ends = np.array(list(scores.values()))
    axes.plot(ends[:, 0], places, label="leaking split", **_LEAKING)
    axes.plot(ends[:, 1], places, label="sound split", **_SOUND)
    axes.set_yticks(list(places), list(scores))
    axes.set(ylim=(-0.6, len(scores) - 0.4), xlabel=xlabel)
    axes.legend(**_LEGEND)


def _accuracy(
    x: Array,
    y: Array,
    folds: Folds,
    *,
    model: Model = "neighbour",
    prepare: Preparation | None = None,
    leak: bool = False,
) -> float:
    said = fold_predictions(
        x, y, folds, model=model, prepare=prepare, leak=leak
    )
    return float((said == y)[folds >= 0].mean())


def _neighbour(x: Array, y: Array, rows: Array) -> Array:
    squared = (x**2).sum(axis=1)[None, :] - 2 * rows @ x.T
    nearest: Array = y[np.argmin(squared, axis=1)]
    return nearest


def _centroid(x: Array, y: Array, rows: Array) -> Array:
    low, high = x[y == 0].mean(axis=0), x[y == 1].mean(axis=0)
    nearer = rows @ (high - low) > (high @ high - low @ low) / 2
    return np.asarray(nearer, dtype=np.float64)


def _column(name: str, values: npt.ArrayLike, n: int) -> Array:
    column = np.asarray(values)
    if column.shape != (n,):
        raise ValueError(f"{name} of shape {column.shape} are not {n} values")
    return column
