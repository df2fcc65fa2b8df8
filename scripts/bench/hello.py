"""The ceiling: the least that Flask can do under the same server, to measure the real routes by."""

from flask import Flask

app = Flask(__name__)


@app.get("/hello")
def hello() -> dict[str, str]:
    return {"hello": "city"}
