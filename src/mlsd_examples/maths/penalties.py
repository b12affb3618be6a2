r"""Penalties as priors: ridge and penalised logistic regression as MAP.

With errors :math:`N(0, \sigma^2)` and weights :math:`N(0, \tau^2)`, the
negative log-posterior is the sum of squares over :math:`2\sigma^2` plus
:math:`\|w\|^2 / 2\tau^2`.  Multiply by :math:`2\sigma^2`: least squares with
the penalty :math:`\lambda = \sigma^2 / \tau^2`.  The same normal equations
that give the point give its posterior covariance.

In production, use :class:`sklearn.linear_model.Ridge` with ``alpha`` =
:math:`\sigma^2 / \tau^2`, and
:class:`sklearn.linear_model.LogisticRegression` with ``C`` =
:math:`\tau^2`.  Neither penalises the intercept; there is none here.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from mlsd_examples._refusals import Floats, finite, positive, vector
from mlsd_examples.maths._labelled import labels_of, table

__all__ = [
    "GaussianWeights",
    "linear_posterior",
    "logistic_map",
    "ridge_weights",
]

_NEWTON_STEPS = 100
_CONVERGED = 1e-12


@dataclass(frozen=True, eq=False)
class GaussianWeights:
    """A normal belief about the weights of a linear model.

    Parameters
    ----------
    mean : ndarray of float, shape (d,)
        Its mean, which is its mode too.
    covariance : ndarray of float, shape (d, d)
        What is still uncertain.
    """

    mean: Floats
    covariance: Floats


def linear_posterior(
    features: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    noise_sd: float,
    prior_sd: float,
) -> GaussianWeights:
    r"""Compute the posterior of linear weights under a normal prior.

    Parameters
    ----------
    features : array-like of float, shape (n, d)
        Finite; without an intercept.
    targets : array-like of float, shape (n,)
        Finite.
    noise_sd : float
        Standard deviation of the errors, > 0, in the unit of the targets.
    prior_sd : float
        Standard deviation of each weight beforehand, > 0.

    Returns
    -------
    GaussianWeights
        Posterior mean and covariance.

    Raises
    ------
    ValueError
        If shapes do not match, a value is not finite, or a standard
        deviation is not positive.

    Notes
    -----
    Precision :math:`A = X^\top X / \sigma^2 + I / \tau^2`, mean
    :math:`A^{-1} X^\top y / \sigma^2`, covariance :math:`A^{-1}`.

    Examples
    --------
    One observation of 1, as uncertain as the prior, moves half the way:

    >>> belief = linear_posterior([[1.0]], [1.0], noise_sd=1, prior_sd=1)
    >>> round(belief.mean.item(), 6), round(belief.covariance.item(), 6)
    (0.5, 0.5)

    More weights than rows are no obstacle; the prior decides the rest:

    >>> wide = linear_posterior([[1.0, 1.0]], [2.0], noise_sd=1, prior_sd=9)
    >>> bool(abs(wide.mean[0] - wide.mean[1]) < 1e-12)
    True

    Without a prior there is no posterior:

    >>> linear_posterior([[1.0]], [1.0], noise_sd=1, prior_sd=0)
    Traceback (most recent call last):
        ...
    ValueError: prior_sd=0 is not positive
    """
    rows, y = _regression(features, targets)
    error_precision = positive("noise_sd", noise_sd) ** -2
    prior_precision = positive("prior_sd", prior_sd) ** -2
    identity = np.eye(rows.shape[1])
    factor = cho_factor(
        error_precision * rows.T @ rows + prior_precision * identity
    )
    mean = cho_solve(factor, error_precision * (rows.T @ y))
    return GaussianWeights(mean, cho_solve(factor, identity))


def ridge_weights(
    features: npt.ArrayLike, targets: npt.ArrayLike, *, penalty: float
) -> Floats:
    r"""Minimise the squared error plus a penalty on the squared weights.

    Parameters
    ----------
    features : array-like of float, shape (n, d)
        Finite; without an intercept.
    targets : array-like of float, shape (n,)
        Finite.
    penalty : float
        :math:`\lambda` in :math:`\|y - Xw\|^2 + \lambda \|w\|^2`, at least
        0.

    Returns
    -------
    ndarray of float, shape (d,)
        The weights.

    Raises
    ------
    ValueError
        If shapes do not match, a value is not finite, or the penalty is
        negative.

    Notes
    -----
    Least squares on the rows plus d invented ones: :math:`\sqrt\lambda`
    times the identity, with targets 0.  A prior is data that you make up.

    Examples
    --------
    >>> ridge_weights([[1.0], [1.0]], [1.0, 3.0], penalty=0).round(6).tolist()
    [2.0]
    >>> ridge_weights([[1.0], [1.0]], [1.0, 3.0], penalty=2).round(6).tolist()
    [1.0]
    >>> ridge_weights([[1.0]], [1.0], penalty=-1)
    Traceback (most recent call last):
        ...
    ValueError: penalty=-1 is negative
    """
    rows, y = _regression(features, targets)
    if not finite("penalty", penalty) >= 0:
        raise ValueError(f"penalty={penalty} is negative")
    width = rows.shape[1]
    invented = math.sqrt(penalty) * np.eye(width)
    solved = np.linalg.lstsq(
        np.vstack([rows, invented]), np.append(y, np.zeros(width)), rcond=None
    )
    weights: Floats = solved[0]
    return weights


def logistic_map(
    features: npt.ArrayLike, labels: npt.ArrayLike, *, prior_sd: float
) -> Floats:
    r"""Find the most probable logistic weights under a normal prior.

    Parameters
    ----------
    features : array-like of float, shape (n, d)
        Finite; without an intercept.
    labels : array-like of int or bool, shape (n,)
        0 and 1; one class alone is allowed, since the prior holds.
    prior_sd : float
        Standard deviation of each weight beforehand, > 0.

    Returns
    -------
    ndarray of float, shape (d,)
        The weights.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If shapes do not match, a value is not finite, or `prior_sd` is not
        positive.

    Notes
    -----
    Newton's method on the negative log-posterior, which is convex; a step
    that overshoots is halved.

    Examples
    --------
    Separated classes have no maximum likelihood, and yet a MAP:

    >>> logistic_map([[-1.0], [1.0]], [0, 1], prior_sd=1).round(3).tolist()
    [0.675]

    A wider prior pulls less:

    >>> logistic_map([[-1.0], [1.0]], [0, 1], prior_sd=10).round(3).tolist()
    [3.914]
    >>> logistic_map([[1.0]], [1], prior_sd=-1)
    Traceback (most recent call last):
        ...
    ValueError: prior_sd=-1 is not positive
    """
    rows = table("features", features)
    ones = labels_of(labels, rows=len(rows))
    precision = positive("prior_sd", prior_sd) ** -2
    signs = np.where(ones, -1.0, 1.0)
    weights = np.zeros(rows.shape[1])

    def loss_of(candidate: Floats) -> float:
        fit = np.logaddexp(0, signs * (rows @ candidate)).sum()
        return float(fit + precision / 2 * candidate @ candidate)

    for _ in range(_NEWTON_STEPS):
        p = expit(rows @ weights)
        gradient = rows.T @ (p - ones) + precision * weights
        curvature = (rows.T * (p * (1 - p))) @ rows
        step = np.linalg.solve(
            curvature + precision * np.eye(weights.size), gradient
        )
        before = loss_of(weights)
        while loss_of(weights - step) > before * (1 + _CONVERGED):
            step = step / 2
        weights = weights - step
        if np.abs(step).max() < _CONVERGED * (1 + np.abs(weights).max()):
            break
    return weights


def _regression(
    features: npt.ArrayLike, targets: npt.ArrayLike
) -> tuple[Floats, Floats]:
    rows = table("features", features)
    y = vector("targets", targets, least=1)
    if len(rows) != y.size:
        raise ValueError(f"{len(rows)} rows, but {y.size} targets")
    return rows, y
