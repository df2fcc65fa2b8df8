"""The score model for everyone: what counts for how much, on what basis, and what never counts."""

from flask import Response
from flask.views import MethodView

from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.scoring.city_model import data_in_force, list_models
from backend.scoring.publication import publish
from backend.scoring.schemas_public import PublicScoreModelSchema
from backend.web.audience import audience_blueprint
from backend.web.context import request_time
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.PUBLIC, "score_models")

CURRENT = "current"


@blueprint.route("/score-models/<version>")
class ScoreModelOfVersion(MethodView):
    @blueprint.response(200, PublicScoreModelSchema)
    def get(self, version: str) -> Response:
        """Show a score model; `current` is the one in force today"""
        db, city = request_session(), current_city()
        in_force = data_in_force(db, city, day_in_china(request_time()))
        models = list_models(db, city)
        wanted = in_force.version if version == CURRENT else version
        model = next((model for model in models if model.version == wanted), None)
        if model is None:
            raise NotFound
        text = publish(city, model, in_force=in_force.version, versions=models)
        return Response(text, mimetype="application/json")
