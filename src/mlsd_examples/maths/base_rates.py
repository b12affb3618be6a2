r"""Alarms on rare events: precision, queues and thresholds from base rates.

Bayes' theorem in odds says it in one line: the odds that an alarm is real
are the odds before it, times the likelihood ratio, recall over the
false-positive rate.  Where one event in a thousand is bad, a likelihood ratio
of 90 still leaves eleven false alarms for each real one.

:class:`BinormalScores` is the smallest model of a detector: scores of good
events are standard normal, those of bad ones are shifted by a separation.
`look_alikes` adds what breaks it: good events that score like bad ones.

In production, read these rates off labelled data, with
:func:`sklearn.metrics.precision_recall_curve`; no model is needed where the
queue has been measured, and no measurement reaches far into the tail.
"""

import math
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.stats import norm

from mlsd_examples._refusals import finite, positive, share
from mlsd_examples.maths.probability import log_sum_exp

__all__ = ["BinormalScores", "alarm_precision", "binormal_separation"]

# Beyond forty standard deviations a normal tail is no float64.
_FAR = 40.0


def alarm_precision(
    base_rate: float, recall: float, false_positive_rate: float
) -> float:
    """Compute which share of the alarms is real.

    Parameters
    ----------
    base_rate : float
        Share of events that are bad, in [0, 1].
    recall : float
        Share of the bad events that raise an alarm, in [0, 1].
    false_positive_rate : float
        Share of the good events that raise one, in [0, 1].

    Returns
    -------
    float
        The precision, or positive predictive value.

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If one is outside [0, 1], or if there is never an alarm.

    Examples
    --------
    The detector of a thousand slides, at one bad event in a thousand:

    >>> round(alarm_precision(0.001, 0.90, 0.01), 4)
    0.0826

    Right 99 % of the time, on both kinds, and nine alarms in a hundred are
    real:

    >>> round(alarm_precision(0.001, 0.99, 0.01), 4)
    0.0902

    Without an alarm there is nothing to be right about:

    >>> alarm_precision(0.5, 0.0, 0.0)
    Traceback (most recent call last):
        ...
    ValueError: there is never an alarm
    """
    prior = share("base_rate", base_rate, closed=True)
    real = prior * share("recall", recall, closed=True)
    false = (1 - prior) * share(
        "false_positive_rate", false_positive_rate, closed=True
    )
    if real + false == 0:
        raise ValueError("there is never an alarm")
    return real / (real + false)


def binormal_separation(recall: float, false_positive_rate: float) -> float:
    """Find the separation at which normal scores have an operating point.

    Parameters
    ----------
    recall, false_positive_rate : float
        Of one threshold, both in (0, 1).

    Returns
    -------
    float
        Distance of the two means in standard deviations, d′; negative if
        recall is below the false-positive rate.

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If one is outside (0, 1).

    Examples
    --------
    >>> round(binormal_separation(0.90, 0.01), 3)
    3.608
    >>> round(binormal_separation(0.5, 0.5), 3)
    0.0
    >>> binormal_separation(1.0, 0.01)
    Traceback (most recent call last):
        ...
    ValueError: recall=1.0 is outside (0, 1)
    """
    hit = share("recall", recall)
    alarm = share("false_positive_rate", false_positive_rate)
    return float(norm.isf(alarm) - norm.isf(hit))


@dataclass(frozen=True)
class BinormalScores:
    r"""Normal scores of good and of bad events.

    Parameters
    ----------
    base_rate : float
        Share of events that are bad, in (0, 1).
    separation : float
        Distance d′ between the means, > 0, in standard deviations.
    look_alikes : float
        Share of the good events that score like bad ones, in [0, 1).

    Raises
    ------
    TypeError
        If a parameter is not a number.
    ValueError
        If one is outside its range.

    Notes
    -----
    Good scores are :math:`N(0, 1)`, bad ones :math:`N(d', 1)`, so that the
    likelihood ratio of a score s is :math:`\exp(d' s - d'^2 / 2)`.  With
    look-alikes, precision cannot exceed
    :math:`\pi / (\pi + (1 - \pi) \varepsilon)` at any threshold.

    Examples
    --------
    The threshold that flags three events in 100,000, and what it finds:

    >>> scores = BinormalScores(0.001, 3.608)
    >>> threshold = scores.threshold_for_share(3e-5)
    >>> round(threshold, 2), round(scores.recall(threshold), 3)
    (5.49, 0.03)

    One good event in a thousand that looks bad halves the precision, and no
    threshold helps:

    >>> doubles = BinormalScores(0.001, 3.608, look_alikes=0.001)
    >>> round(scores.precision(threshold), 3)
    0.999
    >>> round(doubles.precision(threshold), 3)
    0.5

    Scores that do not separate rank nothing:

    >>> BinormalScores(0.001, 0.0)
    Traceback (most recent call last):
        ...
    ValueError: separation=0.0 is not positive
    """

    base_rate: float
    separation: float
    look_alikes: float = 0.0

    def __post_init__(self) -> None:
        share("base_rate", self.base_rate)
        positive("separation", self.separation)
        if share("look_alikes", self.look_alikes, closed=True) == 1:
            raise ValueError("look_alikes=1: no good event looks good")

    def recall(self, threshold: float) -> float:
        """Compute the share of bad events above a threshold."""
        at = finite("threshold", threshold)
        return float(norm.sf(at - self.separation))

    def false_positive_rate(self, threshold: float) -> float:
        """Compute the share of good events above a threshold."""
        plain = float(norm.sf(finite("threshold", threshold)))
        doubles = self.recall(threshold)
        return (1 - self.look_alikes) * plain + self.look_alikes * doubles

    def precision(self, threshold: float) -> float:
        """Compute the share of bad events among those above a threshold."""
        return alarm_precision(
            self.base_rate,
            self.recall(threshold),
            self.false_positive_rate(threshold),
        )

    def alarm_share(self, threshold: float) -> float:
        """Compute the share of all events above a threshold."""
        return math.exp(self._log_alarm_share(finite("threshold", threshold)))

    def threshold_for_share(self, alarm_share: float) -> float:
        """Find the threshold above which a share of all events lies.

        Parameters
        ----------
        alarm_share : float
            Share of all events that somebody can look at, in (0, 1).

        Returns
        -------
        float
            The threshold, in standard deviations of the good scores.

        Raises
        ------
        TypeError
            If it is not a number.
        ValueError
            If it is outside (0, 1).
        """
        wanted = math.log(share("alarm_share", alarm_share))
        found: float = brentq(
            lambda at: self._log_alarm_share(at) - wanted,
            -_FAR,
            _FAR + self.separation,
            xtol=1e-12,
        )
        return found

    def threshold_for_posterior(self, probability: float) -> float:
        """Find the score at which an event is bad with a probability.

        Parameters
        ----------
        probability : float
            In (0, 1), and below what the look-alikes leave possible.

        Returns
        -------
        float
            The score, in standard deviations of the good scores.

        Raises
        ------
        TypeError
            If it is not a number.
        ValueError
            If it is outside (0, 1), or no score is that suspicious.
        """
        p = share("probability", probability)
        odds = p / (1 - p) * (1 - self.base_rate) / self.base_rate
        rest = 1 - odds * self.look_alikes
        if rest <= 0:
            raise ValueError(f"no score is bad with probability={p}")
        ratio = odds * (1 - self.look_alikes) / rest
        return self.separation / 2 + math.log(ratio) / self.separation

    def expected_cost(
        self, threshold: float, *, missed: float, stopped: float
    ) -> float:
        """Compute the mean cost of an event when all above are stopped.

        Parameters
        ----------
        threshold : float
            Every event that scores above is stopped.
        missed : float
            Cost of a bad event that passes, > 0, in any currency.
        stopped : float
            Cost of a good event that is stopped, > 0, in the same.

        Returns
        -------
        float
            Mean cost of one event.

        Raises
        ------
        TypeError
            If an argument is not a number.
        ValueError
            If one is not finite, or a cost is not positive.
        """
        loss, friction = (
            positive("missed", missed),
            positive("stopped", stopped),
        )
        bad = self.base_rate * (1 - self.recall(threshold))
        good = (1 - self.base_rate) * self.false_positive_rate(threshold)
        return bad * loss + good * friction

    def _log_alarm_share(self, threshold: float) -> float:
        like_bad = self.base_rate + (1 - self.base_rate) * self.look_alikes
        return log_sum_exp(
            [
                math.log(like_bad) + norm.logsf(threshold - self.separation),
                math.log1p(-like_bad) + norm.logsf(threshold),
            ]
        )
