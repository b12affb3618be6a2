"""The engineer's toolkit: what the tools of every day really do.

Modules
-------
allocation
    Bytes that an expression allocates, at its peak and for keeps.
axes_checks
    The lie factor of a cut axis, and a lint that reads finished charts.
broadcasting
    The rule that combines shapes, what it explains and what undoes it.
categoricals
    Bytes of labels as text and as categories, and where they break even.
charts
    The figures of the lesson on charts.
child_processes
    Code run in a child with a clean environment and a limit on its data.
chunked_aggregation
    Means by key over chunks: sums and counts, never means of means.
chunking
    Cuts that move with the content, and cuts that do not.
content_address
    Names that are computed from what they name.
dataframe_charts
    The figures of joins and categories.
dataframes
    The blocks of a DataFrame, and the assignments that reach it.
dates
    Dates from text: one format for all, or a guess for each.
densities
    Histograms and kernel densities, their settings and their edges.
dependence
    Four measures of dependence, and what each one misses.
drivers
    Which CUDA toolkit runs on which driver: a published table.
engines
    One job on pandas, Polars and Dask, in children with a memory limit.
environment_figures
    The figures of the lesson on environments.
environment_samples
    Small files that the lesson on environments hands to real tools.
fingerprints
    One matrix product under several BLAS kernels and thread counts.
golden_scores
    A release gate for scores that may move in their last bits.
heartbeat
    The longest silence of a background thread, and its causes.
import_graph
    Who imports whom: cycles and layers.
join_plans
    Whether a join fits, by which strategy, and what it moves.
joins
    Keys that floats cannot hold, match reports and checked joins.
latencies
    A service with two speeds, with its mean and percentiles in closed form.
lookups
    What one look-up of a label costs, counted in comparisons.
losses
    A squared error that broadcasts, one that refuses, and a fit by either.
memory_limits
    Arrays larger than the memory allowed, read block by block.
notebooks
    What running adds to a notebook, and how to take it off.
overplotting
    Opacity on eight bits, and counts of a million points.
palettes
    Contrast, and colours as colour-blind readers and printers see them.
percentiles
    Order statistics: their intervals, and histograms that merge.
pointer_store
    A store of large files, with pointers to commit.
repositories
    What Git itself says, in repositories that vanish afterwards.
requirements
    A lock file, read as a function of the machine.
seeding
    Which numbers a seed fixes, and which it does not reach.
shape_checks
    Named axes, checked when a function is called.
simd
    What the processor's vector instructions contribute to NumPy.
strides
    Where each element lies in memory, drawn and tested for sharing.
summation
    Three orders of adding, and their rounding errors.
timing
    CPU time by interleaved minima, and ratios of it.
tool_runs
    Command-line tools, run offline on files in memory.
traversal
    Rows first or columns first: by your loop, and by NumPy's.
wheels
    Wheels: what their names promise, and how to make one.
"""
