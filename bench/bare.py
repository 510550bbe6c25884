"""The bare application: Flask, Jinja, a session and one SQLite read or write, without anything else.

It is the limit that the platform is measured against. It stays unchanged, and sends as many bytes as the page that it
stands beside (`bytes=`).
"""

import os
import sqlite3
import threading

from argon2 import PasswordHasher
from flask import Flask, Response, redirect, render_template_string, request, session

app = Flask(__name__)
app.secret_key = "bare" * 16
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
HASH = HASHER.hash("bare")
PAGE = "<!doctype html><title>{{ name }}</title><p>{{ name }}</p>{{ filling }}"
LOCAL = threading.local()


def database() -> sqlite3.Connection:
    if not hasattr(LOCAL, "connection"):
        LOCAL.connection = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None)
        LOCAL.connection.execute("PRAGMA journal_mode=wal")
        LOCAL.connection.execute("PRAGMA synchronous=full")
        LOCAL.connection.execute("CREATE TABLE IF NOT EXISTS session (key TEXT PRIMARY KEY, name TEXT)")
        LOCAL.connection.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, body TEXT)")
        LOCAL.connection.execute("INSERT OR IGNORE INTO session VALUES ('key', 'Bare')")
    found: sqlite3.Connection = LOCAL.connection
    return found


def reader() -> str:
    row = database().execute("SELECT name FROM session WHERE key = ?", (session.get("key", "key"),)).fetchone()
    return str(row[0])


@app.post("/sign-in")
def sign_in() -> Response:
    HASHER.verify(HASH, "bare")
    session["key"] = "key"
    return redirect("/page?bytes=2000")  # type: ignore[return-value]


@app.get("/page")
def page() -> Response:
    filling = "x" * max(int(request.args["bytes"]) - 60, 0)
    answer = Response(render_template_string(PAGE, name=reader(), filling=filling), mimetype="text/html")
    answer.set_etag("bare")
    return answer.make_conditional(request)


@app.post("/write")
def write() -> dict[str, str]:
    reader()
    database().execute("INSERT INTO answer (body) VALUES (?)", (request.form.get("body", ""),))
    return {"state": "stored"}
