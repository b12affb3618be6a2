"""The engineer's toolkit: what the tools of every day really do.

Modules
-------
allocation
    Bytes that an expression allocates, at its peak and for keeps.
axes_checks
    The lie factor of a cut axis, and a lint that reads finished charts.
broadcasting
    The rule that combines shapes, what it explains and what undoes it.
charts
    The figures of the lesson on charts.
child_processes
    Code run in a child with a clean environment and a limit on its data.
densities
    Histograms and kernel densities, their settings and their edges.
dependence
    Four measures of dependence, and what each one misses.
latencies
    A service with two speeds, with its mean and percentiles in closed form.
losses
    A squared error that broadcasts, one that refuses, and a fit by either.
memory_limits
    Arrays larger than the memory allowed, read block by block.
overplotting
    Opacity on eight bits, and counts of a million points.
palettes
    Contrast, and colours as colour-blind readers and printers see them.
percentiles
    Order statistics: their intervals, and histograms that merge.
simd
    What the processor's vector instructions contribute to NumPy.
strides
    Where each element lies in memory, drawn and tested for sharing.
summation
    Three orders of adding, and their rounding errors.
timing
    CPU time by interleaved minima, and ratios of it.
traversal
    Rows first or columns first: by your loop, and by NumPy's.
"""
