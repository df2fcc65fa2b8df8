"""The whole city scored: beside other engines, beside SQL written by hand, and through PostgreSQL."""
