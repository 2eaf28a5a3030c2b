"""`python -m pubflow_hello`."""

from pubflow_hello.command import main

main()
