"""The command `pubflow-hello`."""

import argparse

from pubflow_hello import __version__, greeting


def main():
    """Greets everybody who is named on the command line, or the world."""
    parser = argparse.ArgumentParser(prog="pubflow-hello", description="Greets people.")
    parser.add_argument("names", metavar="NAME", nargs="*", default=["world"], help="whom to greet")
    parser.add_argument("--version", action="version", version=__version__)
    for name in parser.parse_args().names:
        print(greeting(name))
