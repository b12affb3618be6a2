"""What the processor's vector instructions contribute to NumPy.

NumPy compiles some loops several times, for wider and wider vector registers,
and chooses at import what the processor can run.  A child process that is
told not to use them shows their share, with everything else equal.

:func:`numpy.show_runtime` prints what was found, and
:func:`numpy.lib.introspect.opt_func_info` what was chosen.
"""

import json

import numpy._core._multiarray_umath as _runtime  # type: ignore[import-not-found]

from mlsd_examples.toolkit.child_processes import run_python

__all__ = ["KERNELS", "dispatched_features", "kernel_times_s"]

KERNELS = ("add", "exp", "log", "sort")

# Arrays of 16 KiB stay in the first-level cache, so that memory does not
# hide the arithmetic.  Sorting needs more values, or the branch predictor
# learns them by heart.
_TIMES = """\
import json, time
import numpy as np
rng = np.random.default_rng(0)
values = rng.random(4096, dtype=np.float32) + np.float32(0.5)
unsorted = rng.random(32768, dtype=np.float32)
out = np.empty_like(values)
kernels = {
    "add": (50, lambda: np.add(values, values, out=out)),
    "exp": (20, lambda: np.exp(values, out=out)),
    "log": (20, lambda: np.log(values, out=out)),
    "sort": (1, lambda: np.sort(unsorted)),
}
def seconds(calls, kernel):
    start = time.process_time()
    for _ in range(calls):
        kernel()
    return (time.process_time() - start) / calls
turns = [{name: seconds(*kernel) for name, kernel in kernels.items()}
         for _ in range(40)]
print(json.dumps({name: min(t[name] for t in turns) for name in kernels}))
"""


def dispatched_features() -> tuple[str, ...]:
    """Name the processor features beyond the baseline that NumPy uses here.

    Returns
    -------
    tuple of str
        Names as ``NPY_DISABLE_CPU_FEATURES`` takes them; empty on a
        processor that offers nothing beyond the baseline.

    Examples
    --------
    >>> all(isinstance(name, str) for name in dispatched_features())
    True
    """
    # numpy.show_runtime prints these two; nothing public returns them.
    found = _runtime.__cpu_features__
    return tuple(name for name in _runtime.__cpu_dispatch__ if found[name])


def kernel_times_s(*, disabled: tuple[str, ...] = ()) -> dict[str, float]:
    """Time four operations in a child with some processor features off.

    Parameters
    ----------
    disabled : tuple of str
        Features to do without, from :func:`dispatched_features`.

    Returns
    -------
    dict of str to float
        CPU seconds a call: three operations on 4,096 float32 values in
        cache, and a sort of 32,768.

    Raises
    ------
    ValueError
        If a feature is not one that NumPy uses here: NumPy itself would
        ignore the name without a word.

    Examples
    --------
    A name from an old blog post disables nothing:

    >>> kernel_times_s(disabled=("AVX9",))
    Traceback (most recent call last):
        ...
    ValueError: NumPy does not dispatch to ('AVX9',) here
    """
    unknown = tuple(n for n in disabled if n not in dispatched_features())
    if unknown:
        raise ValueError(f"NumPy does not dispatch to {unknown} here")
    features = " ".join(disabled)
    run = run_python(
        _TIMES, environment={"NPY_DISABLE_CPU_FEATURES": features}
    )
    times: dict[str, float] = json.loads(run.output)
    return times
