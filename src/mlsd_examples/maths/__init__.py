"""The mathematics of machine-learning systems.

Modules
-------
central_limit
    How fast means become normal, and when they never do.
least_squares
    Intervals for a slope, with equal and with unequal errors.
monte_carlo
    A simulated rate with its standard error.
p_values
    Exact binomial p-values, and what a p-value is not.
power_laws
    Power laws fitted by likelihood, and told from look-alikes.
queueing
    Response times of one server, at a quantile.
"""
