"""Bytes that training holds before the first activation.

Each parameter pays for its weight, its gradient, and what the optimiser
remembers of it.  The sum does not depend on the batch, so a smaller batch
does not lower it.

In production, shard it: ZeRO in DeepSpeed, FSDP in PyTorch.
"""

from dataclasses import dataclass

from mlsd_examples._refusals import whole

__all__ = ["RECIPES", "TrainingState", "training_state"]


@dataclass(frozen=True)
class TrainingState:
    """Bytes held for each parameter.

    Parameters
    ----------
    weights : int
        Bytes of the weight that the forward pass reads.
    gradients : int
        Bytes of its gradient.
    master : int
        Bytes of a second, more precise copy of the weight.
    moments : int
        Bytes that the optimiser remembers.
    """

    weights: int
    gradients: int
    master: int
    moments: int

    @property
    def bytes_each(self) -> int:
        """Bytes a parameter, in all."""
        return self.weights + self.gradients + self.master + self.moments


RECIPES = {
    "fp32 SGD": TrainingState(4, 4, 0, 0),
    "fp32 SGD, momentum": TrainingState(4, 4, 0, 4),
    "fp32 AdamW": TrainingState(4, 4, 0, 8),
    "mixed AdamW": TrainingState(2, 2, 4, 8),
    "mixed AdamW, fp32 gradients": TrainingState(2, 4, 4, 8),
    "mixed AdamW, 8-bit moments": TrainingState(2, 2, 4, 2),
}


def training_state(parameters: int, recipe: str, *, shards: int = 1) -> int:
    """Return the bytes of weights, gradients and optimiser on each device.

    Parameters
    ----------
    parameters : int
        Number of parameters, at least 1.
    recipe : str
        A key of `RECIPES`.
    shards : int
        Devices among which all of it is divided, at least 1.

    Returns
    -------
    int
        Bytes on the fullest device, activations and buffers excluded.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is below 1, or the recipe is unknown.

    References
    ----------
    Rajbhandari et al. (2020), for mixed precision and sharding.

    Examples
    --------
    A billion parameters, and the same in mixed precision:

    >>> training_state(10**9, "fp32 AdamW")
    16000000000
    >>> training_state(10**9, "mixed AdamW")
    16000000000

    >>> training_state(10**9, "fp16 hope")
    Traceback (most recent call last):
        ...
    ValueError: recipe='fp16 hope' is unknown
    """
    whole("parameters", parameters, least=1)
    whole("shards", shards, least=1)
    if recipe not in RECIPES:
        raise ValueError(f"recipe={recipe!r} is unknown")
    return -(-parameters // shards) * RECIPES[recipe].bytes_each
