"""Commands for setting up, checking and demonstrating a city; one command per file, each with a `main()`."""
