"""How every letter looks: a greeting, paragraphs, at most one button; the same words as text and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from training.mail.actions import Draft
from training.web.words import Speech

_PAGE = Markup(
    '<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"></head>'
    '<body style="margin:0;padding:24px;background:#f6f4ee;color:#0f223b;'
    'font:17px/1.55 Inter,Segoe UI,Helvetica,Arial,sans-serif">'
    '<div style="max-width:560px;margin:0 auto;background:#ffffff;padding:28px;border-radius:8px">'
    '<p style="margin:0 0 20px;color:#0a6e6e;font-weight:600">{platform}</p>'
    '<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px">{subject}</h1>{body}</div></body></html>\n'
)
_PARAGRAPH = Markup('<p style="margin:0 0 16px;white-space:pre-line">{}</p>')
_BUTTON = Markup(
    '<p style="margin:24px 0"><a href="{address}" style="display:inline-block;padding:12px 20px;border-radius:6px;'
    'background:#0a6e6e;color:#ffffff;text-decoration:none;font-weight:600">{label}</a></p>'
    '<p style="margin:0 0 16px;font-size:14px;overflow-wrap:anywhere">{address}</p>'
)


@dataclass(frozen=True, kw_only=True)
class Body:
    """What a letter says: paragraphs before and after an address to open."""

    subject: str
    paragraphs: Sequence[str]
    label: str = ""
    address: str = ""
    after: Sequence[str] = field(default_factory=tuple)


def whom_to_reach(contact: str, speech: Speech) -> Sequence[str]:
    """Return what follows when a letter sends somebody to their administrator: the installation's contact, if any."""
    sentence = speech.gettext("If you do not know who that is, please contact: %(contact)s", contact=contact)
    return [sentence] if contact else []


def compose(kind: str, name: str, body: Body, speech: Speech) -> Draft:
    """Return a letter in its receiver's language. Every value is escaped, and a subject is one line."""
    subject = " ".join(body.subject.splitlines())
    greeting = speech.gettext("Dear %(name)s,", name=name) if name else speech.gettext("Hello,")
    farewell = speech.gettext(
        "LIAISE Training sent this message automatically. Please do not reply: nobody reads the answers."
    )
    before, after = [greeting, *body.paragraphs], [*body.after, farewell]
    label = speech.gettext("%(label)s:", label=body.label)
    way = [f"{label}\n{body.address}"] if body.address else []
    text = "\n\n".join([*before, *way, *after]) + "\n"
    html = Markup().join(_PARAGRAPH.format(escape(paragraph)) for paragraph in before)
    if body.address:
        html += _BUTTON.format(address=body.address, label=body.label)
    html += Markup().join(_PARAGRAPH.format(escape(paragraph)) for paragraph in after)
    return Draft(
        kind=kind,
        language=speech.language,
        subject=subject,
        text=text,
        html=str(
            _PAGE.format(
                language=speech.language.value,
                platform=speech.gettext("LIAISE Training"),
                subject=subject,
                body=html,
            )
        ),
    )
