"""Every route and every job there is, part by part. The order is that of the interface's description."""

from backend.accounts import jobs as accounts_jobs
from backend.accounts import (
    routes_console,
    routes_console_account,
    routes_console_links,
    routes_console_views,
)
from backend.accounts import routes_office as accounts_office
from backend.accounts import routes_partner as accounts_partner
from backend.audit import routes_office as audit_office
from backend.audit import routes_resident as audit_resident
from backend.city import routes_public as city_public
from backend.consents import routes_resident as consents_resident
from backend.identity import jobs as identity_jobs
from backend.identity import routes_phone as identity_phone
from backend.identity import routes_resident as identity_resident
from backend.incentives import jobs as incentives_jobs
from backend.incentives import routes_office as incentives_office
from backend.incentives import routes_partner as incentives_partner
from backend.incentives import routes_public as incentives_public
from backend.incentives.sheets import jobs as sheets_jobs
from backend.notices import jobs as notices_jobs
from backend.notices import routes_resident as notices_resident
from backend.office import jobs as office_jobs
from backend.office import routes_exports, routes_figures, routes_lists, routes_look_ups, routes_settings
from backend.partners import jobs as partners_jobs
from backend.partners import routes_applications as partners_applications
from backend.partners import routes_documents as partners_documents
from backend.partners import routes_merchant as partners_merchant
from backend.partners import routes_office as partners_office
from backend.partners import routes_partner as partners_partner
from backend.partners import routes_public as partners_public
from backend.partners import routes_service as partners_service
from backend.partners import routes_shops as partners_shops
from backend.reports import jobs as reports_jobs
from backend.reports import routes_console as reports_console
from backend.reports import routes_resident as reports_resident
from backend.scoring import jobs as scoring_jobs
from backend.scoring import routes_office as scoring_office
from backend.scoring import routes_public as scoring_public
from backend.scoring import routes_resident as scoring_resident
from backend.scoring import routes_runs as scoring_runs
from backend.scoring.versions import jobs as score_versions_jobs
from backend.scoring.versions import routes_office as score_versions_office
from backend.sources import jobs as sources_jobs
from backend.sources import routes_office as sources_office
from backend.sources import routes_source as sources_source
from backend.vouchers import jobs as vouchers_jobs
from backend.vouchers import routes_deny_list, routes_merchant, routes_resident, routes_service
from backend.web import (
    console_page,
    documentation,
    health,
    mobile_page,
)
from backend.web import jobs as web_jobs
from backend.wechat import jobs as wechat_jobs
from backend.wechat import routes_service as wechat_service

ROUTES = (
    health.blueprint,
    documentation.blueprint,
    mobile_page.blueprint,
    console_page.blueprint,
    city_public.blueprint,
    partners_public.blueprint,
    partners_applications.blueprint,
    partners_documents.applicants,
    partners_service.blueprint,
    incentives_public.blueprint,
    scoring_public.blueprint,
    identity_resident.blueprint,
    identity_phone.blueprint,
    consents_resident.blueprint,
    scoring_resident.blueprint,
    routes_resident.blueprint,
    notices_resident.blueprint,
    audit_resident.blueprint,
    wechat_service.blueprint,
    partners_merchant.blueprint,
    routes_merchant.blueprint,
    routes_deny_list.blueprint,
    routes_service.blueprint,
    sources_source.blueprint,
    routes_console.blueprint,
    routes_console_account.blueprint,
    routes_console_links.blueprint,
    routes_console_views.blueprint,
    accounts_office.blueprint,
    accounts_partner.blueprint,
    incentives_partner.blueprint,
    incentives_office.blueprint,
    routes_figures.blueprint,
    routes_figures.unit_blueprint,
    partners_office.blueprint,
    partners_partner.blueprint,
    routes_look_ups.blueprint,
    routes_lists.blueprint,
    routes_exports.blueprint,
    routes_exports.audit_blueprint,
    routes_settings.blueprint,
    audit_office.blueprint,
    scoring_office.blueprint,
    score_versions_office.blueprint,
    scoring_runs.blueprint,
    sources_office.blueprint,
    partners_documents.office,
    partners_documents.partner,
    partners_shops.office,
    partners_shops.partner,
    reports_resident.blueprint,
    reports_console.office,
    reports_console.partner,
)
JOBS = {
    "web": web_jobs.blueprint,
    "wechat": wechat_jobs.blueprint,
    "notices": notices_jobs.blueprint,
    "identity": identity_jobs.blueprint,
    "accounts": accounts_jobs.blueprint,
    "partners": partners_jobs.blueprint,
    "scoring": scoring_jobs.blueprint,
    "score_versions": score_versions_jobs.blueprint,
    "incentives": incentives_jobs.blueprint,
    "sheets": sheets_jobs.blueprint,
    "vouchers": vouchers_jobs.blueprint,
    "reports": reports_jobs.blueprint,
    "sources": sources_jobs.blueprint,
    "office": office_jobs.blueprint,
}
