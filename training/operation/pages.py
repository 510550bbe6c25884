"""The accessibility statement (Directive (EU) 2016/2102, art. 7), and barriers that are reported by it."""

import uuid

from flask import render_template, request

from training.languages import Language
from training.mail.actions import post
from training.operation import queries
from training.operation.forms import BarrierForm
from training.operation.letters import barrier
from training.web.guard import Allow, Pages
from training.web.requests import now, writing
from training.web.words import Speech, zone_of

pages = Pages("operation", __name__)


@pages.page("/accessibility", allow=Allow.EVERYONE, methods=("GET", "POST"))
def statement() -> str | tuple[str, int]:
    form = BarrierForm()
    if request.method == "GET":
        return render_template("operation/statement.html", form=form, reported=False)
    if not form.validate():
        return render_template("operation/statement.html", form=form, reported=False), 422
    report = uuid.uuid4()
    with writing() as session:
        for person, address in queries.operators(session):
            draft = barrier(
                Speech(Language(person.language), zone_of(person.time_zone)),
                name=person.name,
                page=form.page.data or "",
                words=form.barrier.data,
                email=form.email.data or "",
            )
            occurrence = f"barrier:{report}:{person.id}"
            post(session, draft, address=address, person_id=person.id, occurrence=occurrence, now=now())
    return render_template("operation/statement.html", form=BarrierForm(None), reported=True)
