"""Adam, with the penalty in the gradient and with decay beside it.

Adam divides each gradient by its own recent size.  A penalty that was added
to the gradient is divided too, so weights with large gradients are hardly
decayed; AdamW takes the decay out of the fraction.

In production, use :class:`torch.optim.AdamW`.
"""

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mlsd_examples._refusals import finite, numbers, positive, vector

__all__ = ["adam"]

Floats: TypeAlias = npt.NDArray[np.float64]


def adam(
    start: npt.ArrayLike,
    gradients: npt.ArrayLike,
    *,
    step: float,
    decay: float = 0.0,
    decoupled: bool = True,
    betas: tuple[float, float] = (0.9, 0.999),
    epsilon: float = 1e-8,
) -> Floats:
    r"""Apply a sequence of gradients with Adam or AdamW.

    Parameters
    ----------
    start : array-like of float, shape (n,)
        First weights.
    gradients : array-like of float, shape (steps, n)
        Gradient of the loss at each step, penalty excluded.
    step : float
        Step size, > 0.
    decay : float
        Weight decay, at least 0.
    decoupled : bool
        Whether the decay acts on the weight directly (AdamW), or is added
        to the gradient (L2 in the loss).
    betas : (float, float)
        Memory of the two moments, each in [0, 1).
    epsilon : float
        Added to the divisor, > 0.

    Returns
    -------
    ndarray of float, shape (n,)
        Weights after the last step.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a shape or a parameter is impossible, or a value not finite, on
        the way included: a gradient whose square overflows would be ignored.

    Notes
    -----
    AdamW: :math:`w \leftarrow (1-\eta\lambda) w
    - \eta \hat m/(\sqrt{\hat v}+\epsilon)`.

    References
    ----------
    Loshchilov and Hutter (2019).

    Examples
    --------
    The first step has the size of the step, whatever the gradient's:

    >>> adam([1.0, 1.0], [[1e-3, 1e3]], step=0.1).round(4).tolist()
    [0.9, 0.9]

    Decay without any gradient: AdamW shrinks a little, Adam with L2 takes
    a full step.

    >>> adam([1.0], [[0.0]], step=0.1, decay=0.01).round(4).tolist()
    [0.999]
    >>> adam(
    ...     [1.0], [[0.0]], step=0.1, decay=0.01, decoupled=False
    ... ).round(4).tolist()
    [0.9]

    >>> adam([1.0], [[0.0]], step=0.1, decay=-1)
    Traceback (most recent call last):
        ...
    ValueError: decay=-1 is negative
    """
    weights = vector("start", start, least=1)
    table = numbers("gradients", gradients)
    if table.ndim != 2 or table.shape[1] != weights.size or not table.size:
        raise ValueError(
            f"gradients of shape {table.shape} meet {weights.size} weights"
        )
    if not np.isfinite(table).all():
        raise ValueError("gradients are not finite")
    positive("step", step)
    positive("epsilon", epsilon)
    if finite("decay", decay) < 0:
        raise ValueError(f"decay={decay} is negative")
    if len(betas) != 2:
        raise ValueError(f"betas={betas} are not two")
    for beta in betas:
        if not 0 <= beta < 1:
            raise ValueError(f"beta={beta} is outside [0, 1)")
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for count, gradient in enumerate(table, 1):
        with np.errstate(over="ignore", invalid="ignore"):
            slope = gradient if decoupled else gradient + decay * weights
            first = betas[0] * first + (1 - betas[0]) * slope
            second = betas[1] * second + (1 - betas[1]) * slope**2
            mean = first / (1 - betas[0] ** count)
            size = np.sqrt(second) / math.sqrt(1 - betas[1] ** count)
            if decoupled:
                weights = weights - step * decay * weights
            weights = weights - step * mean / (size + epsilon)
        if not (np.isfinite(size).all() and np.isfinite(weights).all()):
            raise ValueError(f"not finite after {count} steps")
    return weights
