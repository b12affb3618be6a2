"""Online experiments: what a test promises, and what it costs.

Modules
-------
always_valid
    A mixture bound that holds at every look, planned or not.
bayesian_monitoring
    A posterior probability watched until it is convincing.
charts
    The figures of the lessons on experiments.
dashboards
    Tests that stop when significant, by simulation alone.
drift
    The stability index, its law without drift, and false pages.
first_exits
    Where a random walk first leaves a corridor, exactly.
leakage
    Scores that know the answer, beside scores that do not.
multiple_testing
    Adjusted p-values of many tests at once.
paired_comparison
    How far chance alone sets two equal models apart.
peeking
    Rates of crossing and of false launches, exactly.
power
    Power, sample size, and what low power does to estimates.
proportions
    Two conversion rates, compared.
sample_ratio
    Users counted against the planned split.
sequential
    Pocock's and O'Brien and Fleming's bounds, and their price.
variance_reduction
    CUPED, and the delta method for ratios.
"""
