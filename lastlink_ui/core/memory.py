"""The garbage collector and what never becomes garbage."""

import gc


def settle() -> None:
    """Take everything that is there now out of the collector's rounds; for a program that has started.

    Modules, classes and compiled statements are a million objects that stay to the end. To walk them all
    stops the program for a fifth of a second each time, and finds nothing.
    """
    gc.collect()
    gc.freeze()
