"""In whose name certificates are issued, and tokens by which other systems read the register: for administrators."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.certificates import issuers, queries, register_tokens
from training.certificates.forms import IssuerForm, TokenForm, filled_from
from training.certificates.issuers import IssuerSaid, OutsideScope
from training.certificates.models import INSTALLATION, Issuer
from training.languages import OWN_NAMES, Language, sort_key
from training.people.forms import authority_name
from training.people.models import LocalAuthority
from training.people.queries import authorities_administered_by
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, settings, writing
from training.web.words import _, language

pages = Pages("certificates_issuers", __name__)


@pages.page("/admin/certificates/issuers", allow=Permission.ISSUE_CERTIFICATES)
def overview() -> str:
    lines = sorted(
        issuers.issuer_lines(reading(), visitor.actor()),
        key=lambda line: "" if line.authority is None else sort_key(_name(line.authority), language()),
    )
    return render_template("certificates/admin_issuers.html", lines=lines, authority_name=_name)


@pages.page(
    "/admin/certificates/issuers/<uuid:issuer_id>", allow=Permission.ISSUE_CERTIFICATES, methods=("GET", "POST")
)
def issuer(issuer_id: UUID) -> AnyResponse | str | tuple[str, int]:
    """Show and keep an issuer: under the authority's identifier, or, for the installation, under its own."""
    authority_id = None if issuer_id == INSTALLATION else issuer_id
    try:
        issuers.demand_scope(reading(), visitor.actor(), authority_id)
    except OutsideScope:
        abort(404)
    known = reading().get(Issuer, issuer_id)
    if request.method == "GET":
        form = IssuerForm(None, data=filled_from(known, settings().issuer))
        return _issuer_page(form, known, authority_id)
    form = IssuerForm()
    if not form.validate():
        return _issuer_page(form, known, authority_id), 422
    said = IssuerSaid(
        name=form.name.data,
        signatories=form.signatories(),
        funding=form.texts("funding"),
        logo=form.picture,
        no_logo=form.no_logo.data,
    )
    with writing() as session:
        issuers.save_issuer(session, visitor.actor(), authority_id, said, now=now())
    flash(_("Saved. Certificates that were issued stay as they are."), "success")
    return redirect(url_for("certificates_issuers.overview"))


@pages.page("/admin/certificates/tokens", allow=Permission.ISSUE_CERTIFICATES, methods=("GET", "POST"))
def tokens() -> str | tuple[str, int]:
    form = TokenForm() if request.method == "POST" else TokenForm(None)
    form.authority.choices = _choices()
    if request.method == "GET":
        return _tokens_page(form)
    if not form.validate():
        return _tokens_page(form), 422
    scope = UUID(form.authority.data) if form.authority.data else None
    try:
        with writing() as session:
            new = register_tokens.make_token(session, visitor.actor(), scope, form.label.data, now=now())
    except OutsideScope:
        abort(404)
    fresh = TokenForm(None)
    fresh.authority.choices = _choices()
    return _tokens_page(fresh, secret=new.secret)


@pages.page("/admin/certificates/tokens/<uuid:token_id>/revoke", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def revoke_token(token_id: UUID) -> AnyResponse:
    try:
        with writing() as session:
            register_tokens.revoke_token(session, visitor.actor(), token_id, now=now())
    except OutsideScope:
        abort(404)
    flash(_("The token opens nothing any more."), "success")
    return redirect(url_for("certificates_issuers.tokens"))


def _issuer_page(form: IssuerForm, known: Issuer | None, authority_id: UUID | None) -> str:
    authority = reading().get(LocalAuthority, authority_id) if authority_id else None
    return render_template(
        "certificates/admin_issuer.html",
        form=form,
        title=_name(authority) if authority else _("The installation"),
        has_logo=known is not None and queries.logo(reading(), known.logo) is not None,
        languages=list(Language),
        own_names=OWN_NAMES,
    )


def _tokens_page(form: TokenForm, *, secret: str = "") -> str:
    names = {one.id: _name(one) for one in reading().scalars(authorities_administered_by(visitor.actor()))}
    return render_template(
        "certificates/admin_tokens.html",
        form=form,
        secret=secret,
        held=register_tokens.tokens_within(reading(), visitor.actor()),
        names=names,
        address=f"{settings().public_url}/api/certificates",
    )


def _choices() -> list[tuple[str, str]]:
    actor = visitor.actor()
    choices = [(str(one.id), _name(one)) for one in reading().scalars(authorities_administered_by(actor))]
    choices.sort(key=lambda pair: sort_key(pair[1], language()))
    return [("", _("The whole installation")), *choices] if actor.administers_everywhere else choices


def _name(authority: LocalAuthority) -> str:
    return authority_name(authority.names, language())
