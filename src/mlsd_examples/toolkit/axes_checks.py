"""What can be checked on a finished chart.

A bar encodes its value by its length.  Cut the axis at a base, and a relative
difference is drawn larger by the **lie factor** ``a / (a - base)``.  The lint
reads such faults back from the axes that Matplotlib drew.

In production, run such a check in the tests of the dashboards that people
act on; what it cannot see is whether the message is true.
"""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from mlsd_examples._refusals import finite, positive

__all__ = ["faults_of", "lie_factor"]

_LEAST_POINTS = 8.5


def lie_factor(first: float, second: float, *, base: float) -> float:
    """Compute how much a cut axis exaggerates a relative difference.

    Parameters
    ----------
    first, second : float
        The values of two bars, different, `first` > 0.
    base : float
        Where the axis starts, below both values.

    Returns
    -------
    float
        Relative difference of the lengths drawn over that of the values.

    Raises
    ------
    TypeError
        If a value is not a number.
    ValueError
        If a value is not finite, `first` is not positive, both are equal,
        or the base is not below both.

    Notes
    -----
    ``((b - a) / (a - base)) / ((b - a) / a) = a / (a - base)``: the second
    value cancels.

    References
    ----------
    Tufte (1983) names the quotient.

    Examples
    --------
    An honest axis, and one that starts at 97:

    >>> lie_factor(98.0, 99.4, base=0)
    1.0
    >>> round(lie_factor(98.0, 99.4, base=97), 6)
    98.0

    A base below zero understates:

    >>> lie_factor(50, 75, base=-50)
    0.5
    """
    a, b = positive("first", first), finite("second", second)
    start = finite("base", base)
    if a == b:
        raise ValueError(f"both values are {a:g}: there is no difference")
    if not start < min(a, b):
        raise ValueError(f"base={start:g} is not below {min(a, b):g}")
    return a / (a - start)


def faults_of(axes: Axes) -> list[str]:
    """List what a reader of a chart would be misled by, or miss.

    Parameters
    ----------
    axes : Axes
        A finished chart.

    Returns
    -------
    list of str
        One line a fault; empty if none is found.

    Notes
    -----
    Found are: an axis without a name, bars on an axis that does not start
    at zero or is logarithmic, a second scale over the same place, and
    text too small to print.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().add_subplot()
    >>> bars = axes.bar(["old", "new"], [98.0, 99.4])
    >>> _ = axes.set(ylim=(97, 100), xlabel="model")
    >>> for fault in faults_of(axes):
    ...     print(fault)
    the vertical axis has no name
    bars start at 97, not at 0: differences look 98 times as large
    """
    faults = [
        f"the {name} axis has no name"
        for name, axis in (
            ("horizontal", axes.xaxis),
            ("vertical", axes.yaxis),
        )
        if axis.get_visible() and not axis.get_label_text()
    ]
    return faults + _bars(axes) + _second_scale(axes) + _small_text(axes)


def _bars(axes: Axes) -> list[str]:
    heights = [
        patch.get_height()
        for patch in axes.patches
        if isinstance(patch, Rectangle) and patch.get_y() == 0
    ]
    if not heights:
        return []
    if axes.get_yscale() != "linear":
        return ["bars on a logarithmic axis: their length means nothing"]
    base = float(axes.get_ylim()[0])
    tops = [height for height in heights if height > base]
    if base <= 0 or not tops:
        return []
    factor = min(tops) / (min(tops) - base)
    return [
        f"bars start at {base:g}, not at 0:"
        f" differences look {factor:.3g} times as large"
    ]


def _second_scale(axes: Axes) -> list[str]:
    figure = axes.get_figure()
    others = (
        [] if figure is None else [a for a in figure.axes if a is not axes]
    )
    place = axes.get_position().bounds
    if any(other.get_position().bounds == place for other in others):
        return ["two scales share one place: where they cross means nothing"]
    return []


def _small_text(axes: Axes) -> list[str]:
    texts = [text for text in axes.findobj(Text) if text.get_text()]
    small = [
        f"{text.get_text()!r} is {text.get_fontsize():g} points high"
        for text in texts
        if float(text.get_fontsize()) < _LEAST_POINTS
    ]
    return sorted(set(small))
