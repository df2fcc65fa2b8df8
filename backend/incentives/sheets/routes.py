"""Sheets over the interface, alike for units and for the office, each with the permissions of its side."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from openpyxl.utils import get_column_letter

from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.city.serving import current_city
from backend.core.jobs import defer
from backend.incentives.sheets import exporting, importing, jobs, schemas
from backend.incentives.sheets.models import SheetBadCell, SheetImport
from backend.incentives.sheets.storage import sheet_store
from backend.web.audience import AudienceBlueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.limits import GUESSING, limiter
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.uploads import takes_file
from backend.web.workbooks import WORKBOOK, workbook_to_save

LONGEST_NAME = 100
ImportPageSchema = page_schema(schemas.SheetImportSchema)
BadCellPageSchema = page_schema(schemas.BadCellSchema)


def add_sheet_routes(blueprint: AudienceBlueprint, *, read: Permission, edit: Permission) -> None:
    add_export_routes(blueprint, read)
    add_import_routes(blueprint, edit)
    add_step_routes(blueprint, edit)


def add_export_routes(blueprint: AudienceBlueprint, read: Permission) -> None:
    @blueprint.route("/incentive-sheets/exports")
    class Exports(MethodView):
        @permission(read)
        @limiter.limit(GUESSING)
        @blueprint.arguments(schemas.NewSheetSchema)
        @blueprint.response(202, schemas.SheetExportSchema)
        def post(self, body: dict[str, Any]) -> Any:
            """Order a list of incentives or drafts as a sheet, narrowed as on the page"""
            db = request_session()
            purpose, list_name = body.pop("purpose"), body.pop("list_name")
            body["unit_id"] = str(body["unit_id"]) if body["unit_id"] else None
            export = exporting.order_export(db, list_name=list_name, query=body, purpose=purpose, **_asked())
            defer(db, jobs.make_sheet, export_id=str(export.id))
            return export

    @blueprint.route("/incentive-sheets/exports/<uuid:export_id>")
    class OneExport(MethodView):
        @permission(read)
        @blueprint.response(200, schemas.SheetExportSchema)
        def get(self, export_id: UUID) -> Any:
            """Show how far a sheet has come"""
            return exporting.get_export(request_session(), export_id, **_asked())

    @blueprint.route("/incentive-sheets/exports/<uuid:export_id>/file")
    class ExportFile(MethodView):
        @permission(read)
        @blueprint.doc(responses=WORKBOOK)
        def get(self, export_id: UUID) -> Response:
            """Hand out a sheet that is ready"""
            content = exporting.export_file(request_session(), export_id, store=sheet_store(), **_asked())
            return workbook_to_save(content, f"incentives-{str(export_id)[-8:]}")

    @blueprint.route("/incentive-sheets/template")
    class Template(MethodView):
        @permission(read)
        @blueprint.doc(responses=WORKBOOK)
        def get(self) -> Response:
            """Take an empty sheet with choices, help and an example"""
            return workbook_to_save(
                exporting.template(request_session(), current_city(), **_asked()), "template"
            )


def add_import_routes(blueprint: AudienceBlueprint, edit: Permission) -> None:
    @blueprint.route("/incentive-sheets/imports")
    class Imports(MethodView):
        @permission(edit)
        @blueprint.arguments(schemas.SheetPageQuery, location="query")
        @blueprint.response(200, ImportPageSchema)
        def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
            """List the sheets that I handed in"""
            limit, after = query["limit"], decode_cursor(query["cursor"], UUID)
            rows = importing.list_imports(
                request_session(),
                after=after,
                limit=limit + 1,
                **_asked(),
            )
            page = page_of(rows, limit, lambda row: [row.id])
            return Page([_shown(each) for each in page.items], page.next_cursor)

        @permission(edit)
        @limiter.limit(GUESSING)
        @takes_file(importing.LARGEST_SHEET)
        @blueprint.arguments(schemas.SheetFileSchema, location="files")
        @blueprint.response(202, schemas.SheetImportSchema)
        def post(self, files: dict[str, Any]) -> dict[str, Any]:
            """Hand a sheet in to be checked, as a form with a file; changes nothing yet"""
            db, file = request_session(), files["file"]
            name = PurePath((file.filename or "").replace("\\", "/")).name[-LONGEST_NAME:]
            sheet = importing.receive_sheet(db, file.read(), name=name, store=sheet_store(), **_asked())
            defer(db, jobs.check_sheet, import_id=str(sheet.id))
            return _shown(sheet)

    @blueprint.route("/incentive-sheets/imports/<uuid:import_id>")
    class OneImport(MethodView):
        @permission(edit)
        @blueprint.response(200, schemas.SheetImportSchema)
        def get(self, import_id: UUID) -> dict[str, Any]:
            """Show how far an import has come, and what it would do or did"""
            return _shown(importing.get_import(request_session(), import_id, **_asked()))

    @blueprint.route("/incentive-sheets/imports/<uuid:import_id>/bad-cells")
    class BadCells(MethodView):
        @permission(edit)
        @blueprint.arguments(schemas.SheetPageQuery, location="query")
        @blueprint.response(200, BadCellPageSchema)
        def get(self, query: dict[str, Any], import_id: UUID) -> Page[dict[str, Any]]:
            """List the cells that cannot be taken, in the order of the sheet"""
            db, limit = request_session(), query["limit"]
            sheet = importing.get_import(db, import_id, **_asked())
            after = decode_cursor(query["cursor"], int, int)
            rows = importing.list_bad_cells(db, sheet, after=after, limit=limit + 1)
            page = page_of(rows, limit, lambda row: [row.row, row.place])
            return Page([_shown_cell(each) for each in page.items], page.next_cursor)

    @blueprint.route("/incentive-sheets/imports/<uuid:import_id>/bad-rows")
    class BadRows(MethodView):
        @permission(edit)
        @blueprint.doc(responses=WORKBOOK)
        def get(self, import_id: UUID) -> Response:
            """Take the rows with bad cells as a workbook in which those are coloured and commented"""
            content = importing.bad_rows_file(request_session(), import_id, store=sheet_store(), **_asked())
            return workbook_to_save(content, f"to-mend-{str(import_id)[-8:]}")


def add_step_routes(blueprint: AudienceBlueprint, edit: Permission) -> None:
    @blueprint.route("/incentive-sheets/imports/<uuid:import_id>/confirmation")
    class Confirmation(MethodView):
        @permission(edit)
        @blueprint.arguments(schemas.SheetConfirmationSchema)
        @blueprint.response(200, schemas.SheetImportSchema)
        def post(self, body: dict[str, Any], import_id: UUID) -> dict[str, Any]:
            """Let the good rows become drafts; publishes nothing"""
            db = request_session()
            sheet = importing.confirm_import(db, import_id, **body, **_asked())
            defer(db, jobs.take_sheet, import_id=str(import_id))
            return _shown(sheet)

    @blueprint.route("/incentive-sheets/imports/<uuid:import_id>/cancellation")
    class Cancellation(MethodView):
        @permission(edit)
        @blueprint.arguments(NothingSchema, required=False)
        @blueprint.response(200, schemas.SheetImportSchema)
        def post(self, _body: dict[str, Any], import_id: UUID) -> dict[str, Any]:
            """Stop an import where it is"""
            return _shown(importing.cancel_import(request_session(), import_id, **_asked()))

    @blueprint.route("/incentive-sheets/imports/<uuid:import_id>/undoing")
    class Undoing(MethodView):
        @permission(edit)
        @blueprint.arguments(NothingSchema, required=False)
        @blueprint.response(200, schemas.SheetImportSchema)
        def post(self, _body: dict[str, Any], import_id: UUID) -> dict[str, Any]:
            """Take back the drafts of an import that nobody has touched since"""
            db = request_session()
            sheet = importing.undo_import(db, import_id, **_asked())
            defer(db, jobs.undo_sheet, import_id=str(import_id))
            return _shown(sheet)


def _asked() -> dict[str, Any]:
    return {"actor": current_actor(), "now": request_time()}


def _shown(sheet: SheetImport) -> dict[str, Any]:
    plain = {name: getattr(sheet, name) for name in SHOWN}
    return {**plain, "name": sheet.name or "", "has_bad_file": sheet.bad_file_id is not None}


def _shown_cell(cell: SheetBadCell) -> dict[str, Any]:
    return {
        **{name: getattr(cell, name) for name in ("id", "column_title", "code", "sentence")},
        "place": f"{get_column_letter(cell.place)}{cell.row}",
        "value": cell.value or "",
    }


SHOWN = (
    "id",
    "state",
    "verdict",
    "rows_total",
    "rows_read",
    "new_rows",
    "changed_rows",
    "unchanged_rows",
    "bad_rows",
    "bad_cells",
    "submits",
    "drafts_made",
    "drafts_changed",
    "drafts_submitted",
    "drafts_removed",
    "uploaded_at",
    "ends_at",
)
