r"""What a batch buys: variance, steps and examples.

The gradient of a batch is an average, so its variance falls as one over the
batch, and the steps that noise costs fall with it, until the noise no longer
matters.  Where that happens is the **noise scale** of the gradient; beyond
it a larger batch buys smoother steps and little else.

Everything here is exact for linear regression on normal features, whose
expected loss under stochastic gradient descent has a closed recursion.

In production, measure the noise scale from the norms of small-batch and
large-batch gradients, which data-parallel training has anyway.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import numbers, positive, share, vector, whole

__all__ = [
    "CriticalBatch",
    "NormalRegression",
    "fit_critical_batch",
    "mean_gradients",
    "noise_scale",
    "sampling_variance",
    "streamed_gradient",
]

Floats: TypeAlias = npt.NDArray[np.float64]

# Steps tried for each batch, as shares of the largest stable one.
_TRIED = np.geomspace(1e-3, 1.0, 120)


@dataclass(frozen=True)
class CriticalBatch:
    r"""How many steps and examples a target takes, by batch.

    Parameters
    ----------
    least_steps : float
        Steps without any noise, > 0.
    noise_scale : float
        Batch at which both costs are twice their least, > 0.

    Notes
    -----
    :math:`S = S_{\min}(1 + B_\text{noise}/B)` and :math:`E = SB`, so that
    :math:`(S/S_{\min} - 1)(E/E_{\min} - 1) = 1`.

    References
    ----------
    McCandlish et al. (2018).

    Examples
    --------
    >>> model = CriticalBatch(least_steps=100, noise_scale=1000)
    >>> model.steps(1000), model.examples(1000)
    (200.0, 200000.0)

    >>> model.steps(0)
    Traceback (most recent call last):
        ...
    ValueError: batch=0 is not positive
    """

    least_steps: float
    noise_scale: float

    def __post_init__(self) -> None:
        positive("least_steps", self.least_steps)
        positive("noise_scale", self.noise_scale)

    def steps(self, batch: float) -> float:
        """Return the steps to the target."""
        ratio = self.noise_scale / positive("batch", batch)
        return self.least_steps * (1 + ratio)

    def examples(self, batch: float) -> float:
        """Return the examples to the target."""
        return self.steps(batch) * batch


@dataclass(frozen=True)
class NormalRegression:
    r"""Linear regression on independent normal features, seen once each.

    Parameters
    ----------
    spectrum : tuple of float
        Variances of the features: the curvatures of the loss, > 0.
    offsets : tuple of float
        Distance of each first weight from the best one.
    noise_sd : float
        Standard deviation of the targets around the best prediction, > 0.

    Notes
    -----
    With :math:`c_i` the mean square of the error of weight i,
    :math:`\ell = \sum \lambda_j c_j` and step :math:`\eta`,

    .. math::

        c_i \leftarrow (1-\eta\lambda_i)^2 c_i + \frac{\eta^2}{B}
        \bigl(\lambda_i^2 c_i + \lambda_i(\ell + \sigma^2)\bigr),

    because :math:`\mathrm{E}\,x_i^2 (x^\top\delta)^2 = \lambda_i \ell
    + 2\lambda_i^2\delta_i^2` for a normal x.
    """

    spectrum: tuple[float, ...]
    offsets: tuple[float, ...]
    noise_sd: float

    def __post_init__(self) -> None:
        curved = vector("spectrum", self.spectrum, least=1)
        if not curved.min() > 0:
            raise ValueError(f"curvature {curved.min():g} is not positive")
        offsets = vector("offsets", self.offsets, least=1)
        if offsets.size != curved.size:
            raise ValueError(
                f"{offsets.size} offsets meet {curved.size} curvatures"
            )
        positive("noise_sd", self.noise_sd)

    def expected_losses(self, step: float, batch: int, steps: int) -> Floats:
        """Return the expected excess loss before each step and after.

        Parameters
        ----------
        step : float
            Step size, > 0.
        batch : int
            Examples a step, at least 1.
        steps : int
            Number of steps, at least 1.

        Returns
        -------
        ndarray of float, shape (steps + 1,)
            Half the mean squared error of the prediction, beyond the noise.

        Examples
        --------
        One weight, one off, no step too long; the loss falls towards what
        the noise of a batch of ten leaves:

        >>> toy = NormalRegression((1.0,), (1.0,), 1.0)
        >>> toy.expected_losses(0.5, 10, 3).round(3).tolist()
        [0.5, 0.162, 0.061, 0.031]
        """
        positive("step", step)
        whole("steps", steps, least=1)
        squares = np.square(self.offsets)[np.newaxis]
        losses = [self._loss(squares)]
        for _ in range(steps):
            squares = self._next(squares, np.array([[step]]), batch)
            losses.append(self._loss(squares))
        return np.array(losses)[:, 0]

    def steps_to(self, target: float, batch: int, *, limit: int) -> int:
        """Return the fewest steps to a target, over constant step sizes.

        Parameters
        ----------
        target : float
            Expected excess loss over that at the start, in (0, 1).
        batch : int
            Examples a step, at least 1.
        limit : int
            Steps after which to give up, at least 1.

        Returns
        -------
        int
            Steps with the best of 120 step sizes up to 2/L.

        Raises
        ------
        TypeError, ValueError
            If a parameter is impossible, or no step size gets there.

        Examples
        --------
        >>> toy = NormalRegression((1.0,), (1.0,), 1.0)
        >>> toy.steps_to(0.01, 10_000, limit=99)
        1
        >>> toy.steps_to(0.01, 10, limit=9)
        Traceback (most recent call last):
            ...
        ValueError: the target is not reached in 9 steps
        """
        share("target", target)
        whole("limit", limit, least=1)
        squares = np.square(self.offsets)[np.newaxis]
        aim = target * float(self._loss(squares)[0])
        sizes = _TRIED[:, np.newaxis] * 2 / max(self.spectrum)
        for done in range(1, limit + 1):
            with np.errstate(over="ignore", invalid="ignore"):
                squares = self._next(squares, sizes, batch)
                if np.min(self._loss(squares)) <= aim:
                    return done
            alive = np.isfinite(squares).all(axis=1)
            squares, sizes = squares[alive], sizes[alive]
        raise ValueError(f"the target is not reached in {limit} steps")

    def noise_scale(self, offsets: npt.ArrayLike) -> float:
        r"""Return the noise scale of the gradient, exactly.

        Parameters
        ----------
        offsets : array-like of float, shape (n,)
            Distance of each weight from the best one, not all 0.

        Returns
        -------
        float
            :math:`\operatorname{tr}\Sigma / |G|^2`, with G the gradient and
            :math:`\Sigma` the covariance of one example's.

        Examples
        --------
        It grows as the gradient shrinks:

        >>> toy = NormalRegression((1.0,), (1.0,), 1.0)
        >>> toy.noise_scale([1.0]), toy.noise_scale([0.5])
        (3.0, 6.0)
        """
        delta = vector("offsets", offsets, least=1)
        curved = np.array(self.spectrum)
        mean = np.square(curved * delta)
        loss = float(curved @ delta**2) + self.noise_sd**2
        if not mean.sum() > 0:
            raise ValueError("the gradient vanishes: its noise has no scale")
        return float((mean + curved * loss).sum() / mean.sum())

    def sample_gradients(
        self, offsets: npt.ArrayLike, size: int, rng: np.random.Generator
    ) -> Floats:
        """Draw the gradients of single examples.

        Parameters
        ----------
        offsets : array-like of float, shape (n,) or (runs, n)
            Distance of each weight from the best one.
        size : int
            Examples, at least 1.
        rng : Generator
            Source of features and noise.

        Returns
        -------
        ndarray of float, shape (size, n) or (runs, size, n)
            One gradient an example.
        """
        delta = numbers("offsets", offsets)[..., np.newaxis, :]
        whole("size", size, least=1)
        if delta.shape[-1] != len(self.spectrum):
            raise ValueError(
                f"{delta.shape[-1]} offsets meet"
                f" {len(self.spectrum)} curvatures"
            )
        if not np.isfinite(delta).all():
            raise ValueError("offsets are not finite")
        shape = (*delta.shape[:-2], size, len(self.spectrum))
        x = rng.standard_normal(shape) * np.sqrt(self.spectrum)
        noise = self.noise_sd * rng.standard_normal(shape[:-1])
        residual = (x * delta).sum(axis=-1) - noise
        return np.asarray(x * residual[..., np.newaxis])

    def _loss(self, squares: Floats) -> Floats:
        return np.asarray((squares * self.spectrum).sum(axis=1) / 2)

    def _next(self, squares: Floats, step: Floats, batch: int) -> Floats:
        whole("batch", batch, least=1)
        curved = np.array(self.spectrum)
        loss = (squares * curved).sum(axis=1, keepdims=True)
        noise = curved**2 * squares + curved * (loss + self.noise_sd**2)
        kept = (1 - step * curved) ** 2 * squares
        return np.asarray(kept + step**2 * noise / batch)


def fit_critical_batch(
    batches: npt.ArrayLike, steps: npt.ArrayLike
) -> CriticalBatch:
    r"""Fit the two numbers of the critical-batch model.

    Parameters
    ----------
    batches : array-like of float, shape (n,)
        Batches, > 0, not all equal.
    steps : array-like of float, shape (n,)
        Steps that each took to one target, > 0.

    Returns
    -------
    CriticalBatch
        Least squares on the relative error of the steps.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If there are fewer than two, the lengths differ, a value is not
        positive, or the steps do not fall with the batch.

    Examples
    --------
    >>> fit = fit_critical_batch([100, 1000], [1100, 200])
    >>> round(fit.least_steps), round(fit.noise_scale)
    (100, 1000)
    """
    size = vector("batches", batches, least=2)
    taken = vector("steps", steps, least=2)
    if size.size != taken.size:
        raise ValueError(f"{size.size} batches meet {taken.size} steps")
    if not (size.min() > 0 and taken.min() > 0):
        raise ValueError("batches and steps must be positive")
    if np.ptp(size) == 0:
        raise ValueError("all batches are equal: nothing to fit")
    design = np.column_stack([1 / taken, 1 / (size * taken)])
    least, slope = np.linalg.lstsq(design, np.ones_like(taken), rcond=None)[0]
    if not (least > 0 and slope > 0):
        raise ValueError("the steps do not fall with the batch")
    return CriticalBatch(float(least), float(slope / least))


def noise_scale(gradients: npt.ArrayLike) -> float:
    r"""Estimate the noise scale from the gradients of single examples.

    Parameters
    ----------
    gradients : array-like of float, shape (examples, n)
        At least two gradients, at one point.

    Returns
    -------
    float
        :math:`\operatorname{tr}\Sigma/|G|^2`, both estimated without bias;
        infinite if the gradient is lost in its noise.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If it is not a table of two rows or more, or not finite.

    Notes
    -----
    The squared norm of a mean of N exceeds :math:`|G|^2` by
    :math:`\operatorname{tr}\Sigma/N`, which is taken off.

    References
    ----------
    McCandlish et al. (2018).

    Examples
    --------
    >>> noise_scale([[1.0], [3.0]])
    0.6666666666666666
    >>> noise_scale([[1.0], [-1.0]])
    inf
    >>> noise_scale([[1.0]])
    Traceback (most recent call last):
        ...
    ValueError: gradients of shape (1, 1) are not two rows or more
    """
    table = _table("gradients", gradients)
    trace = float(table.var(axis=0, ddof=1).sum())
    square = float(np.square(table.mean(axis=0)).sum()) - trace / len(table)
    return trace / square if square > 0 else float("inf")


def sampling_variance(population: int, batch: int, *, replace: bool) -> float:
    """Return the variance of a batch mean, over that of one example.

    Parameters
    ----------
    population : int
        Examples in the data set, at least 2.
    batch : int
        Examples drawn, at least 1.
    replace : bool
        Whether an example may be drawn twice.

    Returns
    -------
    float
        1/B; without replacement, times (N - B)/(N - 1).

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If one is too small, or the batch exceeds the population without
        replacement.

    Examples
    --------
    The whole data set, drawn without replacement, has no noise:

    >>> sampling_variance(100, 100, replace=True)
    0.01
    >>> sampling_variance(100, 100, replace=False)
    0.0

    >>> sampling_variance(100, 101, replace=False)
    Traceback (most recent call last):
        ...
    ValueError: batch=101 exceeds the population of 100
    """
    whole("population", population, least=2)
    whole("batch", batch, least=1)
    if replace:
        return 1 / batch
    if batch > population:
        raise ValueError(
            f"batch={batch} exceeds the population of {population}"
        )
    return (population - batch) / (population - 1) / batch


def mean_gradients(
    gradients: npt.ArrayLike,
    batch: int,
    draws: int,
    rng: np.random.Generator,
    *,
    replace: bool,
) -> Floats:
    """Draw batches and average their gradients.

    Parameters
    ----------
    gradients : array-like of float, shape (examples, n)
        One gradient an example, at least two.
    batch, draws : int
        Examples a batch, and batches, at least 1.
    rng : Generator
        Source of the draws.
    replace : bool
        Whether a batch may hold an example twice.

    Returns
    -------
    ndarray of float, shape (draws, n)
        One mean a batch.

    Raises
    ------
    TypeError
        If a value is not a number of its kind.
    ValueError
        If a number is too small, or the batch exceeds the examples without
        replacement.

    Examples
    --------
    A full batch without replacement is the full gradient:

    >>> rng = np.random.default_rng(0)
    >>> mean_gradients([[1.0], [3.0]], 2, 2, rng, replace=False).tolist()
    [[2.0], [2.0]]
    """
    table = _table("gradients", gradients)
    sampling_variance(len(table), batch, replace=replace)
    whole("draws", draws, least=1)
    if replace:
        rows = rng.integers(len(table), size=(draws, batch))
    else:
        order = rng.random((draws, len(table))).argsort(axis=1)
        rows = order[:, :batch]
    return np.asarray(table[rows].mean(axis=1))


def streamed_gradient(
    features: npt.ArrayLike,
    targets: npt.ArrayLike,
    weights: npt.ArrayLike,
    *,
    rows: int,
) -> Floats:
    r"""Sum the full gradient of least squares chunk by chunk.

    Parameters
    ----------
    features : array-like of float, shape (examples, n)
        One row an example, at least two.
    targets : array-like of float, shape (examples,)
        What to predict.
    weights : array-like of float, shape (n,)
        Where to take the gradient.
    rows : int
        Examples in memory at a time, at least 1; the last chunk may be
        shorter.

    Returns
    -------
    ndarray of float, shape (n,)
        Gradient of :math:`\frac{1}{2N}\sum (x^\top w - y)^2`.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If shapes do not match, `rows` is below 1 or a value not finite.

    Examples
    --------
    >>> x, y = [[1.0], [2.0], [3.0]], [1.0, 2.0, 6.0]
    >>> streamed_gradient(x, y, [1.0], rows=2).tolist()
    [-3.0]
    >>> streamed_gradient(x, y[:2], [1.0], rows=2)
    Traceback (most recent call last):
        ...
    ValueError: 3 rows and 1 columns meet 2 targets and 1 weights
    """
    table = _table("features", features)
    wanted = vector("targets", targets, least=1)
    at = vector("weights", weights, least=1)
    whole("rows", rows, least=1)
    if table.shape != (wanted.size, at.size):
        raise ValueError(
            f"{table.shape[0]} rows and {table.shape[1]} columns meet"
            f" {wanted.size} targets and {at.size} weights"
        )
    total = np.zeros_like(at)
    for first in range(0, len(table), rows):
        part = table[first : first + rows]
        total += part.T @ (part @ at - wanted[first : first + rows])
    return total / len(table)


def _table(name: str, values: npt.ArrayLike) -> Floats:
    table = numbers(name, values)
    if table.ndim != 2 or len(table) < 2 or not table.size:
        raise ValueError(
            f"{name} of shape {table.shape} are not two rows or more"
        )
    if not np.isfinite(table).all():
        raise ValueError(f"{name} are not finite")
    return table
