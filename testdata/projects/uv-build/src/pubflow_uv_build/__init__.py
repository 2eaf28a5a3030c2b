"""Word counts."""

import sys

__version__ = "0.3.0"


def n_words(text):
    """Number of words that white space separates."""
    return len(text.split())


def main():
    """Counts the words on the command line."""
    print(n_words(" ".join(sys.argv[1:])))
