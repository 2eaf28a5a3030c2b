"""Greetings for people whose names are known."""

__version__ = "1.0.0"


def greeting(name="world"):
    """The words with which `name` is greeted."""
    return "Hello, {}!".format(name)
