"""The engineer's toolkit: what the tools of every day really do.

Modules
-------
allocation
    Bytes that an expression allocates, at its peak and for keeps.
broadcasting
    The rule that combines shapes, what it explains and what undoes it.
child_processes
    Code run in a child with a clean environment and a limit on its data.
chunking
    Cuts that move with the content, and cuts that do not.
content_address
    Names that are computed from what they name.
losses
    A squared error that broadcasts, one that refuses, and a fit by either.
memory_limits
    Arrays larger than the memory allowed, read block by block.
notebooks
    What running adds to a notebook, and how to take it off.
pointer_store
    A store of large files, with pointers to commit.
repositories
    What Git itself says, in repositories that vanish afterwards.
seeding
    Which numbers a seed fixes, and which it does not reach.
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
