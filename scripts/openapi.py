"""Write the OpenAPI document to backend/openapi.json, or with --check tell whether it is fresh."""

import json
import sys
from pathlib import Path

import click

from backend.config import Settings
from backend.main import create_app

DOCUMENT = Path(__file__).resolve().parent.parent / "backend" / "openapi.json"


def current_document() -> str:
    """The document of the code as it stands, as it is written to the file."""
    document = create_app(Settings(log_level="ERROR")).extensions["openapi"]()
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@click.command(help=__doc__)
@click.option("--check", is_flag=True, help="Change nothing; fail when the file is not fresh.")
def main(check: bool) -> None:
    fresh = current_document()
    if not check:
        DOCUMENT.write_text(fresh)
        click.echo(f"{DOCUMENT.name}: {len(fresh)} characters")
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != fresh:
        click.echo("backend/openapi.json is stale: run `make openapi` and commit it", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
