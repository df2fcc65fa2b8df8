"""Flask with one transaction around every request: one commit, then the answer."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from backend.core.errors import DomainError
from backend.web import idempotency
from backend.web.transaction import READING, close_session, commit_session


class BoundedRequest(Request):
    """A body without a length, sent in chunks, is refused at the limit and not just cut off there."""

    def get_data(self, *arguments: Any, **options: Any) -> Any:
        data = super().get_data(*arguments, **options)
        limit = self.max_content_length
        if self.content_length is None and limit is not None and len(data) >= limit:
            raise RequestEntityTooLarge
        return data

    def _get_file_stream(self, *_arguments: Any, **_options: Any) -> IO[bytes]:
        """Files stay in memory, where the limit keeps them small: no copy in clear touches a disk."""
        return BytesIO()


class Application(Flask):
    """The commit stands in `dispatch_request` because errors raised there still reach the error
    handlers: nobody is told of an effect that the database then refused."""

    request_class = BoundedRequest

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name, static_folder=None)
        self.teardown_appcontext(close_session)

    def dispatch_request(self) -> ResponseReturnValue:
        if request.method in READING:
            return super().dispatch_request()
        keyed = idempotency.begin(request)
        if keyed and keyed.answer:
            return keyed.replay()
        try:
            answer: Response = self.make_response(super().dispatch_request())
        except DomainError as refusal:
            if refusal.keeps_changes:
                if keyed:
                    keyed.forget()
                commit_session()
            raise
        if keyed:
            keyed.keep(answer)
        commit_session()
        return answer
