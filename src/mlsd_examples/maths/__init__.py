"""The mathematics of machine-learning systems.

Modules
-------
adam
    Adam, with the penalty in the gradient and with decay beside it.
central_limit
    How fast means become normal, and when they never do.
convexity
    Which losses are convex, tested and refuted.
gradient_descent
    The step that a curvature bears, and the steps that are needed.
gradient_noise
    What noise in the gradient escapes, and what it does not.
gradients
    Gradients by differences, to check the ones that were derived.
least_squares
    Intervals for a slope, with equal and with unequal errors.
minibatches
    What a batch buys: variance, steps and examples.
monte_carlo
    A simulated rate with its standard error.
optimizer_memory
    Bytes that training holds before the first activation.
p_values
    Exact binomial p-values, and what a p-value is not.
power_laws
    Power laws fitted by likelihood, and told from look-alikes.
queueing
    Response times of one server, at a quantile.
sharpness
    Sharpness of a small network while gradient descent trains it.
signal_propagation
    What depth does to a gradient, before the first step of training.
small_networks
    Networks small enough to train by the hundred.
"""
