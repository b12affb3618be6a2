"""The mathematics of machine-learning systems.

Modules
-------
central_limit
    How fast means become normal, and when they never do.
conditioning
    How near a matrix is to losing a direction.
decompositions
    The singular value decomposition, and what its truncation keeps.
factorization
    Factors from the ratings that exist.
least_squares
    Intervals for a slope, with equal and with unequal errors.
linear_charts
    The figures of the lessons on linear algebra.
monte_carlo
    A simulated rate with its standard error.
p_values
    Exact binomial p-values, and what a p-value is not.
power_laws
    Power laws fitted by likelihood, and told from look-alikes.
queueing
    Response times of one server, at a quantile.
retrieval
    Exact retrieval, shorter vectors, and the recall that is left.
similarity
    Dot product, cosine and distance.
sparse_formats
    What a sparse format stores, and when it stores more.
spectra
    Eigenvalues, and what they leave unsaid.
"""
