"""`python -m scripts.office`."""

from scripts.office import main

main()
