"""The mathematics of machine-learning systems.

Modules
-------
adam
    Adam, with the penalty in the gradient and with decay beside it.
base_rates
    Alarms on rare events: precision, queues and thresholds.
bayes
    A belief about a proportion, its interval and its many modes.
calibration
    Reliability, proper losses, and two repairs.
central_limit
    How fast means become normal, and when they never do.
coding
    A Huffman and an arithmetic coder: what a bit of entropy is.
conditioning
    How near a matrix is to losing a direction.
conformal
    Coverage without a model of the errors.
confounding
    Rates that reverse when groups are pooled.
convexity
    Which losses are convex, tested and refuted.
decompositions
    The singular value decomposition, and what its truncation keeps.
entropy_estimation
    Entropy and mutual information from counts, and their bias.
factorization
    Factors from the ratings that exist.
gaussian_fits
    One Gaussian for two modes, by forward and by reverse divergence.
gradient_descent
    The step that a curvature bears, and the steps that are needed.
gradient_noise
    What noise in the gradient escapes, and what it does not.
gradients
    Gradients by differences, to check the ones that were derived.
information
    Entropy, divergence and mutual information of distributions.
information_charts
    The figures of the lesson on information theory.
intervals
    Intervals for a proportion, and their exact coverage.
least_squares
    Intervals for a slope, with equal and with unequal errors.
linear_charts
    The figures of the lessons on linear algebra.
metropolis
    Draws from a density known up to a constant.
minibatches
    What a batch buys: variance, steps and examples.
monte_carlo
    A simulated rate with its standard error.
naive_bayes
    Evidence added up as if nothing were said twice.
neighbour_embedding
    t-SNE in small: neighbours kept, sizes lost.
optimizer_memory
    Bytes that training holds before the first activation.
p_values
    Exact binomial p-values, and what a p-value is not.
penalties
    Ridge and penalised logistic regression as priors.
power_laws
    Power laws fitted by likelihood, and told from look-alikes.
probability
    Sums, complements and zeros in log space.
probability_charts
    The figures of the lessons on probability.
proper_scores
    Log loss and Brier score, temperature and label smoothing.
queueing
    Response times of one server, at a quantile.
retrieval
    Exact retrieval, shorter vectors, and the recall that is left.
saturation
    The gradient that a loss hands to a saturated output.
sharpness
    Sharpness of a small network while gradient descent trains it.
signal_propagation
    What depth does to a gradient, before the first step of training.
similarity
    Dot product, cosine and distance.
small_networks
    Networks small enough to train by the hundred.
sparse_formats
    What a sparse format stores, and when it stores more.
spectra
    Eigenvalues, and what they leave unsaid.
underflow
    Where a product of probabilities ends.
"""
