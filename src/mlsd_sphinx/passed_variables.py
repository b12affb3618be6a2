"""The variables of an author's shell that reach the kernels: no others do.

``OPENBLAS_CORETYPE`` selects a numeric kernel, so that the book can be built
with two of them.  ``MLSD_SEED_SHIFT`` is added to every seed that a page
gives to :func:`numpy.random.default_rng`, so that ``make seeds`` can ask
whether a statement holds for other draws than those on the page.
"""

import os

__all__ = ["passed_variables"]

PASSED = ("OPENBLAS_CORETYPE", "MLSD_SEED_SHIFT")


def passed_variables() -> dict[str, str]:
    """Return those that are set, with their values."""
    return {name: os.environ[name] for name in PASSED if name in os.environ}
