"""Moon phases by counting days."""

__version__ = "0.3.0"

SYNODIC_MONTH = 29.530588


def phase(days_since_new_moon):
    """The part of the cycle that is over, from 0 to 1."""
    return days_since_new_moon / SYNODIC_MONTH % 1
