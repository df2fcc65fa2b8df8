"""Versions of the score model in the console: written, tried on the city, approved by two."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.city.score_document import load_score_model
from backend.city.serving import current_city
from backend.core.actor import Actor, Audience
from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.core.jobs import defer
from backend.scoring.city_model import newest_model
from backend.scoring.versions import approving, drafting, queries, schemas, shadow
from backend.scoring.versions.answers import content_of, shown_version, shown_versions
from backend.scoring.versions.documents import LARGEST_FILE, text_of, text_of_file
from backend.scoring.versions.errors import ModelWholeCityOnly
from backend.scoring.versions.jobs import do_shadow_run
from backend.scoring.versions.models import ScoreModelVersion
from backend.scoring.versions.report_pdf import draw_report
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.paging import Page, PageQuery, decode_cursor, page_of
from backend.web.transaction import request_session
from backend.web.uploads import takes_file

blueprint = audience_blueprint(Audience.OFFICE, "score_model_versions")
READ, EDIT = Permission.SCORE_MODEL_READ, Permission.SCORE_MODEL_EDIT


@blueprint.route("/score-model-versions")
class Versions(MethodView):
    @permission(READ)
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, schemas.ScoreModelVersionPageSchema)
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List the versions made here, the newest first"""
        whole_city()
        db, limit, after = request_session(), query["limit"], decode_cursor(query["cursor"], UUID)
        rows = queries.list_versions(db, after=after[0] if after else None, limit=limit + 1)
        page = page_of(rows, limit, key=lambda row: [row.id])
        today = day_in_china(request_time())
        return Page(shown_versions(db, current_city(), page.items, today=today), page.next_cursor)

    @permission(EDIT)
    @blueprint.arguments(schemas.NewScoreModelSchema)
    @blueprint.response(201, schemas.ScoreModelVersionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Begin a version from a form"""
        return shown(drafting.begin_version(document=text_of(body["content"]), **acting()))


@blueprint.route("/score-model-versions/template")
class Template(MethodView):
    @permission(READ)
    @blueprint.response(200, schemas.ModelContentSchema)
    def get(self) -> Any:
        """Show the newest model, to begin a version from"""
        whole_city()
        return content_of(newest_model(request_session(), current_city()))


@blueprint.route("/score-model-versions/file")
class VersionFile(MethodView):
    @permission(EDIT)
    @takes_file(LARGEST_FILE)
    @blueprint.arguments(schemas.ScoreModelFileSchema, location="files")
    @blueprint.response(201, schemas.ScoreModelVersionSchema)
    def post(self, files: dict[str, Any]) -> dict[str, Any]:
        """Begin a version from a YAML file; a faulty one is refused with each mistake and its line"""
        document = text_of_file(files["file"].read(LARGEST_FILE + 1))
        return shown(drafting.begin_version(document=document, **acting()))


@blueprint.route("/score-model-versions/<uuid:version_id>")
class OneVersion(MethodView):
    @permission(READ)
    @blueprint.response(200, schemas.ScoreModelVersionSchema)
    def get(self, version_id: UUID) -> dict[str, Any]:
        """Show a version, and what it changes"""
        return shown(_get(version_id))

    @permission(EDIT)
    @blueprint.arguments(schemas.SaveScoreModelSchema)
    @blueprint.response(200, schemas.ScoreModelVersionSchema)
    def put(self, body: dict[str, Any], version_id: UUID) -> dict[str, Any]:
        """Replace what it says; a report on it is then outdated, and an approval gone"""
        document, revision = text_of(body["content"]), body["revision"]
        version = drafting.save_version(
            version_id=version_id, revision=revision, document=document, **acting()
        )
        return shown(version)

    @permission(EDIT)
    @blueprint.response(204, NothingSchema)
    def delete(self, version_id: UUID) -> None:
        """Discard a version that is not approved"""
        actor = whole_city()
        drafting.discard_version(request_session(), version_id, actor=actor, now=request_time())


@blueprint.route("/score-model-versions/<uuid:version_id>/document")
class VersionDocument(MethodView):
    @permission(READ)
    @blueprint.doc(responses={200: {"description": "YAML", "content": {"application/yaml": {}}}})
    def get(self, version_id: UUID) -> Response:
        """Take its text, to keep or to work on"""
        version = _get(version_id)
        headers = {"Content-Disposition": f'attachment; filename="{version.version}.yaml"'}
        return Response(version.document, mimetype="application/yaml", headers=headers)


@blueprint.route("/score-model-versions/<uuid:version_id>/approval")
class Approval(MethodView):
    @permission(Permission.SCORE_MODEL_APPROVE)
    @blueprint.arguments(schemas.ScoreModelRevisionSchema)
    @blueprint.response(200, schemas.ScoreModelVersionSchema)
    def post(self, body: dict[str, Any], version_id: UUID) -> dict[str, Any]:
        """Approve it, as one of two who did not write it; with the second it is settled"""
        return shown(approving.approve_version(version_id=version_id, **body, **acting()))


@blueprint.route("/score-model-versions/<uuid:version_id>/cancellation")
class Cancellation(MethodView):
    @permission(Permission.SCORE_MODEL_APPROVE)
    @blueprint.arguments(schemas.CancelScoreModelSchema)
    @blueprint.response(200, schemas.ScoreModelVersionSchema)
    def post(self, body: dict[str, Any], version_id: UUID) -> dict[str, Any]:
        """Call an approved version off before its day, with a reason"""
        return shown(approving.cancel_version(version_id=version_id, **body, **acting()))


@blueprint.route("/score-model-versions/<uuid:version_id>/report")
class ReportOfVersion(MethodView):
    @permission(READ)
    @blueprint.doc(responses={200: {"description": "PDF", "content": {"application/pdf": {}}}})
    def get(self, version_id: UUID) -> Response:
        """Take the impact report on what the version says now, as a PDF"""
        version = _get(version_id)
        run = queries.find_last_run(request_session(), version)
        if run is None or run.report is None:
            raise NotFound
        drawn = draw_report(current_city(), version, load_score_model(version.document), run)
        headers = {"Content-Disposition": f'attachment; filename="{version.version}.pdf"'}
        return Response(drawn, mimetype="application/pdf", headers=headers)


@blueprint.route("/score-model-versions/<uuid:version_id>/shadow-run")
class ShadowRunOfVersion(MethodView):
    @permission(EDIT)
    @blueprint.arguments(schemas.ScoreModelRevisionSchema)
    @blueprint.response(202, schemas.ScoreModelVersionSchema)
    def post(self, body: dict[str, Any], version_id: UUID) -> dict[str, Any]:
        """Have the city scored with it beside the model before; nobody's result is kept"""
        db = request_session()
        run = shadow.begin_shadow_run(version_id=version_id, **body, **acting())
        defer(db, do_shadow_run, run_id=str(run.id))
        return shown(queries.get_version(db, version_id))

    @permission(EDIT)
    @blueprint.response(200, schemas.ScoreModelVersionSchema)
    def delete(self, version_id: UUID) -> dict[str, Any]:
        """Stop the run that is under way, if there is one"""
        actor, db = whole_city(), request_session()
        shadow.stop_shadow_run(db, version_id, actor=actor, now=request_time())
        return shown(queries.get_version(db, version_id))


def acting() -> dict[str, Any]:
    """What every change is told."""
    return {
        "db": request_session(),
        "city": current_city(),
        "actor": whole_city(),
        "now": request_time(),
    }


def shown(version: ScoreModelVersion) -> dict[str, Any]:
    today = day_in_china(request_time())
    return shown_version(request_session(), current_city(), version, actor=current_actor(), today=today)


def whole_city() -> Actor:
    actor = current_actor()
    if actor.district:
        raise ModelWholeCityOnly
    return actor


def _get(version_id: UUID) -> ScoreModelVersion:
    whole_city()
    return queries.get_version(request_session(), version_id)
