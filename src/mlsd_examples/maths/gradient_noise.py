r"""What noise in the gradient escapes, and what it does not.

Three toys, each for one sentence that is said about stochastic gradients: a
saddle, two wells of different depth, and a valley of minima of which some
are flat.

In production there is no switch for the noise: batch, step size and
augmentation set it together.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import finite, positive, whole

__all__ = ["escape_steps", "label_noise_sharpness", "reaches_deeper_well"]

Floats: TypeAlias = npt.NDArray[np.float64]


def escape_steps(
    start: npt.ArrayLike,
    *,
    noise: tuple[float, float],
    rng: np.random.Generator,
    step: float = 0.05,
    limit: int = 2_000,
) -> npt.NDArray[np.int64]:
    r"""Count the steps that leave the saddle of x² - y².

    Parameters
    ----------
    start : array-like of float, shape (runs, 2)
        First points (x, y).
    noise : (float, float)
        Standard deviation of the noise of the gradient along x and y, at
        least 0.
    rng : Generator
        Source of the noise.
    step : float
        Step size, > 0.
    limit : int
        Steps after which to give up, at least 1.

    Returns
    -------
    ndarray of int, shape (runs,)
        Steps until :math:`|y| \ge 1`; -1 for those that never get there.

    Raises
    ------
    TypeError
        If a value is not a number of its kind.
    ValueError
        If one is out of range.

    Examples
    --------
    Exactly on the ridge nothing ever happens, a hair beside it takes
    ln(10⁶) / ln(1.1) steps, and noise across the ridge does not help:

    >>> rng = np.random.default_rng(0)
    >>> on, beside = [[1.0, 0.0]], [[1.0, 1e-6]]
    >>> escape_steps(on, noise=(0, 0), rng=rng).tolist()
    [-1]
    >>> escape_steps(beside, noise=(0, 0), rng=rng).tolist()
    [145]
    >>> escape_steps(on, noise=(1, 0), rng=rng).tolist()
    [-1]
    """
    points = np.array(start, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not points.size:
        raise ValueError(f"start of shape {points.shape} are no points (x, y)")
    if not np.isfinite(points).all():
        raise ValueError("start is not finite")
    for sd in noise:
        if finite("noise", sd) < 0:
            raise ValueError(f"noise={sd} is negative")
    positive("step", step)
    whole("limit", limit, least=1)
    taken = np.where(np.abs(points[:, 1]) >= 1, 0, -1)
    for done in range(1, limit + 1):
        slope = points * [2.0, -2.0]
        slope += noise * rng.standard_normal(points.shape)
        moving = taken < 0
        points[moving] -= step * slope[moving]
        taken[moving & (np.abs(points[:, 1]) >= 1)] = done
        if (taken >= 0).all():
            break
    return taken


def reaches_deeper_well(
    batch: int,
    runs: int,
    rng: np.random.Generator,
    *,
    noise_sd: float = 12.0,
    step: float = 0.05,
    steps: int = 2_000,
) -> npt.NDArray[np.bool_]:
    r"""Start in the shallow of two wells, and see who ends in the deep one.

    Parameters
    ----------
    batch : int
        Examples a step, at least 1; 0 for the exact gradient.
    runs : int
        Runs, at least 1.
    rng : Generator
        Source of the noise.
    noise_sd : float
        Standard deviation of one example's gradient, > 0.
    step : float
        Step size, > 0.
    steps : int
        Number of steps, at least 1.

    Returns
    -------
    ndarray of bool, shape (runs,)
        Whether a run ends left of the barrier, where the deep well is.

    Raises
    ------
    TypeError
        If a value is not a number of its kind.
    ValueError
        If one is out of range.

    Notes
    -----
    The loss is :math:`(x^2-1)^2/4 + 0.15 x`; points are kept within
    :math:`\pm 2`, as clipped weights would be.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> reaches_deeper_well(0, 3, rng, steps=50).tolist()
    [False, False, False]
    """
    whole("batch", batch, least=0)
    whole("runs", runs, least=1)
    whole("steps", steps, least=1)
    positive("noise_sd", noise_sd)
    positive("step", step)
    scale = noise_sd / np.sqrt(batch) if batch else 0.0
    x = np.ones(runs)
    for _ in range(steps):
        slope = x**3 - x + 0.15 + scale * rng.standard_normal(runs)
        x = np.clip(x - step * slope, -2.0, 2.0)
    return np.asarray(x < 0)


def label_noise_sharpness(
    label_sd: float,
    runs: int,
    rng: np.random.Generator,
    *,
    step: float = 0.02,
    steps: int = 3_000,
) -> Floats:
    r"""Follow a valley of minima under noisy labels; return the sharpness.

    Parameters
    ----------
    label_sd : float
        Standard deviation of the label's noise, at least 0.
    runs : int
        Runs, at least 1.
    rng : Generator
        Source of the noise.
    step : float
        Step size, > 0.
    steps : int
        Number of steps, at least 1.

    Returns
    -------
    ndarray of float, shape (runs,)
        :math:`u^2 + v^2` at the end, the sharpness on the valley.

    Raises
    ------
    TypeError
        If a value is not a number of its kind.
    ValueError
        If one is out of range.

    Notes
    -----
    The loss is :math:`(uv-1)^2/2`; every point with uv = 1 is a global
    minimum, and the flattest is u = v = 1 with sharpness 2.  Runs start at
    (3, 1/3).

    Examples
    --------
    Without noise a minimum is a place to stay:

    >>> rng = np.random.default_rng(0)
    >>> label_noise_sharpness(0, 1, rng).round(2).tolist()
    [9.11]
    """
    if finite("label_sd", label_sd) < 0:
        raise ValueError(f"label_sd={label_sd} is negative")
    whole("runs", runs, least=1)
    whole("steps", steps, least=1)
    positive("step", step)
    u, v = np.full(runs, 3.0), np.full(runs, 1 / 3)
    for _ in range(steps):
        with np.errstate(over="ignore", invalid="ignore"):
            error = u * v - 1 + label_sd * rng.standard_normal(runs)
            u, v = u - step * error * v, v - step * error * u
    with np.errstate(over="ignore", invalid="ignore"):
        sharpness = np.asarray(u**2 + v**2)
    if not np.isfinite(sharpness).all():
        raise ValueError(f"step={step} diverges under label_sd={label_sd}")
    return sharpness
