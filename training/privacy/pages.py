"""My data: reading it, taking it along, erasing it, seeing who looked; and the documents that say how it is kept."""

import json
from dataclasses import asdict

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.mail.push import forget_files
from training.people import passwords
from training.people.queries import account, grants_of, grants_over_all
from training.privacy import actions, labels, looks, queries, rules
from training.privacy.forms import EraseForm
from training.terms import Privacy
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import database, now, reading, settings, writing
from training.web.words import _

pages = Pages("privacy", __name__)

DOCUMENTS = ("record", "assessment", "agreement")


@pages.page("/privacy", allow=Allow.EVERYONE)
def notice() -> str:
    return render_template("privacy/notice.html", rows=_rows(), documents=DOCUMENTS, **_controller(), **_labels())


@pages.page("/privacy/<any(record, assessment, agreement):document>", allow=Allow.EVERYONE)
def document(document: str) -> str:
    return render_template(f"privacy/{document}.html", rows=_rows(), **_controller(), **_labels())


@pages.page("/account/data", allow=Permission.LEARN)
def data() -> str:
    person_id = visitor.actor().person_id
    return render_template(
        "privacy/data.html",
        tables=queries.own_data(reading(), person_id),
        looks=looks.looks_at(reading(), person_id),
        look_label=labels.look_label,
        looker_label=labels.looker_label,
        table_label=labels.table_label,
        column_label=labels.column_label,
        value_label=labels.value_label,
    )


@pages.page("/account/data.json", allow=Permission.LEARN)
def export() -> Response:
    person_id = visitor.actor().person_id
    found = {
        "made_at": now().isoformat(),
        "format": "One list of rows for each table, and who looked at your progress; dates are ISO 8601 in UTC.",
        "tables": queries.own_data(reading(), person_id),
        "looks": [asdict(one) for one in looks.looks_at(reading(), person_id)],
    }
    response = Response(
        json.dumps(found, ensure_ascii=False, indent=2, default=queries.plain), mimetype="application/json"
    )
    response.headers.set("Content-Disposition", "attachment", filename="liaise-training-my-data.json")
    return response


@pages.page("/account/erase", allow=Permission.LEARN, methods=("GET", "POST"))
def erase() -> AnyResponse | str | tuple[str, int]:
    actor = visitor.actor()
    form = EraseForm()
    own = account(reading(), actor.person_id)
    last = actor.administers_everywhere and len(reading().scalars(grants_over_all()).all()) < 2
    if request.method == "GET" or last:
        return render_template("privacy/erase.html", form=form, grants=grants_of(reading(), actor.person_id), last=last)
    valid = form.validate()
    if valid and not passwords.password_matches(own.password_hash, form.present.data):
        form.blame("present", _("This is not your present password."))
        valid = False
    if not valid:
        grants = grants_of(reading(), actor.person_id)
        return render_template("privacy/erase.html", form=form, grants=grants, last=last), 422
    with writing() as transaction:
        letters = actions.erase(transaction, actor.person_id, now=now())
        actions.remember_erasure(settings().data_dir, actor.person_id, now=now())
    database().tidy()
    forget_files(settings().mail_url, letters, speaking_of=[actor.name, own.email])
    visitor.sign_out()
    flash(_("Your account and everything about you is erased."), "success")
    response = redirect(url_for("home.start"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _rows() -> list[dict[str, object]]:
    """Return one row for each purpose that touches people, with the classes of data that its tables hold."""
    found: list[dict[str, object]] = []
    for purpose, basis in rules.BASES.items():
        classes = {
            column.info["privacy"] for one in queries.declared() if one.serves is purpose for column in one.table.c
        } - {Privacy.NONE.value, Privacy.LINK.value}
        words = [labels.privacy_label(kind.value) for kind in Privacy if kind.value in classes]
        found.append({"purpose": purpose, "basis": basis, "words": words})
    return found


def _controller() -> dict[str, object]:
    """Return who answers for the installation, and where (GDPR art. 13(1)(a) and (b))."""
    return {"issuer": settings().issuer, "contact": settings().contact}


def _labels() -> dict[str, object]:
    return {
        "purpose_label": labels.purpose_label,
        "basis_label": labels.basis_label,
        "kept_label": labels.kept_label,
        "seen_label": labels.seen_label,
    }
