"""The mathematics of machine-learning systems.

Modules
-------
central_limit
    How fast means become normal, and when they never do.
coding
    A Huffman and an arithmetic coder: what a bit of entropy is.
entropy_estimation
    Entropy and mutual information from counts, and their bias.
gaussian_fits
    One Gaussian for two modes, by forward and by reverse divergence.
information
    Entropy, divergence and mutual information of distributions.
information_charts
    The figures of the lesson on information theory.
least_squares
    Intervals for a slope, with equal and with unequal errors.
monte_carlo
    A simulated rate with its standard error.
neighbour_embedding
    t-SNE in small: neighbours kept, sizes lost.
p_values
    Exact binomial p-values, and what a p-value is not.
power_laws
    Power laws fitted by likelihood, and told from look-alikes.
proper_scores
    Log loss and Brier score, temperature and label smoothing.
queueing
    Response times of one server, at a quantile.
saturation
    The gradient that a loss hands to a saturated output.
"""
