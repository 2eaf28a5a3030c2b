"""Coin tosses that can be told in advance."""

import zlib

__version__ = "0.3.0"


def toss(seed):
    """Heads or tails, always the same for one seed."""
    return ("heads", "tails")[zlib.crc32(str(seed).encode()) % 2]
