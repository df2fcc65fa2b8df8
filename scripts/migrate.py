"""Bring the database to the newest revision: `python -m scripts.migrate`."""

from alembic import command

from backend.config import Settings
from backend.main import alembic_config, database_url


def main() -> None:
    command.upgrade(alembic_config(database_url(Settings())), "head")


if __name__ == "__main__":
    main()
