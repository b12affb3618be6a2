"""The mathematics of machine-learning systems.

Modules
-------
queueing
    Response times of one server, at a quantile.
"""
