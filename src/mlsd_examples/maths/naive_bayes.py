r"""Naive Bayes: evidence that is added up as if nothing were said twice.

With features independent *given the class*, the log-odds of a row are the
prior log-odds plus one term for each feature.  The sum is cheap, and its sign
and order are often right even when the assumption is not.  Its size is not:
a feature that is there k times is counted k times.

In production, use :class:`sklearn.naive_bayes.GaussianNB` or
:class:`~sklearn.naive_bayes.MultinomialNB`, and calibrate the probabilities
with :class:`sklearn.calibration.CalibratedClassifierCV`.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import Floats, counts, finite
from mlsd_examples.maths._labelled import both_classes, labels_of, table

__all__ = [
    "GaussianNaiveBayes",
    "fit_gaussian_naive_bayes",
    "word_log_likelihood",
]


@dataclass(frozen=True, eq=False)
class GaussianNaiveBayes:
    """Two classes with normal features, independent given the class.

    Parameters
    ----------
    prior_log_odds : float
        Natural logarithm of the ratio of class 1 to class 0.
    means, variances : ndarray of float, shape (2, d)
        Of each class (0, then 1) and feature.
    """

    prior_log_odds: float
    means: Floats
    variances: Floats

    def log_odds(self, features: npt.ArrayLike) -> Floats:
        r"""Compute the log-odds of class 1 for each row.

        Parameters
        ----------
        features : array-like of float, shape (n, d)
            Rows to judge.

        Returns
        -------
        ndarray of float, shape (n,)
            Prior log-odds plus the log-likelihood ratio of each feature.

        Raises
        ------
        ValueError
            If `features` are not rows of d finite numbers.
        """
        rows = table("features", features)
        if rows.shape[1] != self.means.shape[1]:
            raise ValueError(
                f"features have {rows.shape[1]} columns,"
                f" not {self.means.shape[1]}"
            )
        fits = [
            -0.5 * ((rows - mean) ** 2 / variance + np.log(variance))
            for mean, variance in zip(self.means, self.variances, strict=True)
        ]
        evidence: Floats = (fits[1] - fits[0]).sum(axis=1)
        return evidence + self.prior_log_odds


def fit_gaussian_naive_bayes(
    features: npt.ArrayLike, labels: npt.ArrayLike
) -> GaussianNaiveBayes:
    """Fit naive Bayes with normal features by maximum likelihood.

    Parameters
    ----------
    features : array-like of float, shape (n, d)
        Finite features.
    labels : array-like of int or bool, shape (n,)
        0 and 1, both present.

    Returns
    -------
    GaussianNaiveBayes
        The fitted model, with plain variances (divided by the number of
        rows of the class) and no floor under them.

    Raises
    ------
    TypeError
        If the labels are neither bools nor whole numbers.
    ValueError
        If the shapes do not match, a feature is not finite, a class is
        missing, or a feature is constant within a class.

    Examples
    --------
    Two classes, one feature:

    >>> x, y = [[-1.0], [-2.0], [1.0], [2.0]], [0, 0, 1, 1]
    >>> model = fit_gaussian_naive_bayes(x, y)
    >>> model.log_odds([[0.5]]).tolist()
    [6.0]

    The same feature a second time is believed a second time:

    >>> model = fit_gaussian_naive_bayes(np.repeat(x, 2, axis=1), y)
    >>> model.log_odds([[0.5, 0.5]]).tolist()
    [12.0]

    A feature that never varies has no density:

    >>> fit_gaussian_naive_bayes([[1.0], [1.0], [2.0], [3.0]], y)
    Traceback (most recent call last):
        ...
    ValueError: feature 0 is constant in class 0
    """
    rows = table("features", features)
    ones = both_classes(labels_of(labels, rows=len(rows)))
    groups = [rows[~ones], rows[ones]]
    variances = np.array([group.var(axis=0) for group in groups])
    flat = np.argwhere(np.array([np.ptp(g, axis=0) for g in groups]) == 0)
    if flat.size:
        raise ValueError(
            f"feature {flat[0, 1]} is constant in class {flat[0, 0]}"
        )
    return GaussianNaiveBayes(
        math.log(len(groups[1]) / len(groups[0])),
        np.array([group.mean(axis=0) for group in groups]),
        variances,
    )


def word_log_likelihood(
    seen: npt.ArrayLike, document: npt.ArrayLike, *, smoothing: float
) -> float:
    r"""Compute the log-likelihood of a document under counts of words.

    Parameters
    ----------
    seen : array-like of int, shape (v,)
        How often each word of the vocabulary was seen in a class.
    document : array-like of int, shape (v,)
        How often each word occurs in the document.
    smoothing : float
        Added to each count, at least 0: a Dirichlet prior; 1 is Laplace's.

    Returns
    -------
    float
        Natural logarithm, without the multinomial coefficient, which is the
        same for every class.  Minus infinity if a word of the document was
        never seen and nothing is added.

    Raises
    ------
    TypeError
        If counts are not whole numbers.
    ValueError
        If counts are negative or of different lengths, `smoothing` is
        negative or not finite, or nothing was seen and nothing is added.

    Examples
    --------
    >>> round(word_log_likelihood([3, 1], [1, 1], smoothing=0), 4)
    -1.674

    An unseen word is impossible, whatever the space:

    >>> word_log_likelihood([4, 0], [1, 1], smoothing=0)
    -inf
    >>> round(word_log_likelihood([4, 0], [1, 1], smoothing=1), 4)
    -1.9741

    Nothing seen, nothing known:

    >>> word_log_likelihood([0, 0], [1, 1], smoothing=0)
    Traceback (most recent call last):
        ...
    ValueError: no word was seen, and smoothing=0
    """
    before, words = (
        counts("seen", seen, least=1),
        counts("document", document, least=1),
    )
    if before.shape != words.shape:
        raise ValueError(f"{words.size} words, but {before.size} were counted")
    if not finite("smoothing", smoothing) >= 0:
        raise ValueError(f"smoothing={smoothing} is negative")
    weights = before + smoothing
    total = math.fsum(weights)
    if total == 0:
        raise ValueError("no word was seen, and smoothing=0")
    used = words > 0
    if (weights[used] == 0).any():
        return -math.inf
    logs = np.log(weights[used]) - math.log(total)
    return math.fsum(words[used] * logs)
