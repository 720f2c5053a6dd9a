"""Grade on many machines: notebooks go to the workers of a Dask cluster, records stay with the command.

    dask scheduler                                    # on one machine
    dask worker tcp://scheduler:8786 --no-nanny       # on each of the others
    autograder grade export-controls --scheduler tcp://scheduler:8786 --jobs 32

A task is a pure function of plain data: an exercise, what its solution has shown and one rebuilt notebook go
out as bytes, one run notebook comes back. Workers see no course, no gradebook and no course secret, only each
learner's token; they keep nothing but warm parents, as a cache. So a worker may vanish at any moment: its
tasks go to another.

Whoever reaches a Dask scheduler can run programs on its workers. Use addresses with tls://, whose
certificates stand in Dask's own configuration, or a network that you trust; results that came over tcp://
from another machine cannot be certified.
"""
