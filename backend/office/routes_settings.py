"""The settings of the whole city."""

from typing import Any

from flask.views import MethodView

from backend.accounts.queries import account_names
from backend.accounts.roles import Permission
from backend.city.serving import current_city
from backend.city.settings import SETTINGS, Setting
from backend.core.actor import Actor, Audience
from backend.office import schemas_settings as schemas
from backend.office import settings
from backend.office.errors import SettingsWholeCityOnly
from backend.office.models import SettingVersion
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "settings")


@blueprint.route("/settings")
class Settings(MethodView):
    @permission(Permission.SETTINGS_READ)
    @blueprint.response(200, schemas.SettingsSchema)
    def get(self) -> dict[str, Any]:
        """List what can be set while the system runs"""
        _whole_city()
        db = request_session()
        standing = settings.newest(db)
        names = account_names(db, {row.account_id for row in standing.values()})
        return {"items": [_shown(each, standing.get(each.name), names) for each in SETTINGS.values()]}


@blueprint.route("/settings/<string:name>")
class OneSetting(MethodView):
    @permission(Permission.SETTINGS_CHANGE)
    @blueprint.arguments(schemas.SettingChangeSchema)
    @blueprint.response(200, schemas.SettingSchema)
    def put(self, body: dict[str, Any], name: str) -> dict[str, Any]:
        """Set it, or give it back to the city's own value; in force everywhere within seconds"""
        actor, db, setting = _whole_city(), request_session(), settings.get_setting(name)
        version = settings.change_setting(db, setting, **body, actor=actor, now=request_time())
        return _shown(setting, version, account_names(db, {version.account_id}))


@blueprint.route("/settings/<string:name>/versions")
class Versions(MethodView):
    @permission(Permission.SETTINGS_READ)
    @blueprint.response(200, schemas.SettingVersionsSchema)
    def get(self, name: str) -> dict[str, Any]:
        """List who set it to what, when and why"""
        _whole_city()
        db = request_session()
        rows = settings.list_versions(db, name)
        names = account_names(db, {row.account_id for row in rows})
        columns = ("number", "value", "is_default", "reason", "changed_at")
        return {
            "items": [
                {**{column: getattr(row, column) for column in columns}, "changed_by": names[row.account_id]}
                for row in rows
            ]
        }


def _whole_city() -> Actor:
    actor = current_actor()
    if actor.district:
        raise SettingsWholeCityOnly
    return actor


def _shown(setting: Setting, standing: SettingVersion | None, names: dict[Any, str]) -> dict[str, Any]:
    default = setting.default(current_city())
    is_default = standing is None or standing.is_default
    return {
        **{name: getattr(setting, name) for name in ("name", "title", "help", "kind")},
        "least": setting.bounds.get("least"),
        "most": setting.bounds.get("most"),
        "default": default,
        "value": default if standing is None or standing.is_default else standing.value,
        "is_default": is_default,
        "number": standing.number if standing else 0,
        "changed_at": standing.changed_at if standing else None,
        "changed_by": names[standing.account_id] if standing else None,
    }
