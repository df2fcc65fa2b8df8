"""The backend of a city's personal credit score and the advantages it opens.

Each package below is one noun of the product. `main` knows them all; nobody knows `main`.
Dependencies go one way (see the import contracts in pyproject.toml and docs/architecture.md).
"""
