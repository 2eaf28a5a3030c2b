"""Leap years of the Gregorian calendar."""

import sys

__version__ = "0.3.0"


def is_leap(year):
    """Whether the year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def main():
    """Tells for each year on the command line whether it is a leap year."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print("usage: pubflow-leap YEAR...")
        return
    for year in sys.argv[1:]:
        print(year, "leap" if is_leap(int(year)) else "common")
