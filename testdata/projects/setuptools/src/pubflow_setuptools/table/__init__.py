"""The table, read from a file that is installed beside this module."""

import os


def rows():
    """Hour and height in centimetres, in the order of the day."""
    path = os.path.join(os.path.dirname(__file__), "harbour.txt")
    with open(path, encoding="utf-8") as file:
        return [tuple(map(int, line.split())) for line in file]


def main():
    """Prints the table."""
    for hour, height in rows():
        print("{:02d}:00 {:4d} cm".format(hour, height))
