"""The engineer's toolkit: what the tools of every day really do.

Modules
-------
allocation
    Bytes that an expression allocates, at its peak and for keeps.
broadcasting
    The rule that combines shapes, what it explains and what undoes it.
child_processes
    Code run in a child with a clean environment and a limit on its data.
drivers
    Which CUDA toolkit runs on which driver: a published table.
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
losses
    A squared error that broadcasts, one that refuses, and a fit by either.
memory_limits
    Arrays larger than the memory allowed, read block by block.
requirements
    A lock file, read as a function of the machine.
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
