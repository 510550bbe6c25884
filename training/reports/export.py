"""The table of a group as a spreadsheet, in the words of the trainer who takes it away."""

from collections.abc import Sequence
from uuid import UUID

from training.cohorts.rules import PrivacyMode
from training.reports import rules
from training.reports.queries import GroupView
from training.web.spreadsheets import Value
from training.web.words import Speech


def state_word(state: rules.CellState, speech: Speech) -> str:
    """Return how a chapter stands, in a word or two."""
    words = {
        rules.CellState.DONE: speech.gettext("completed"),
        rules.CellState.DONE_LATE: speech.gettext("completed late"),
        rules.CellState.BEGUN: speech.gettext("begun"),
        rules.CellState.OPEN: speech.gettext("not begun"),
        rules.CellState.SOON: speech.gettext("due soon"),
        rules.CellState.OVERDUE: speech.gettext("overdue"),
    }
    return words[state]


def table(view: GroupView, speech: Speech) -> tuple[list[str], list[list[Value]]]:
    """Return headings and rows, as far as the group's mode allows. The first column identifies the member."""
    if view.mode is PrivacyMode.AGGREGATE:
        return _figures(view, speech)
    headings = [speech.gettext("Identifier"), speech.gettext("Name"), speech.gettext("City or region")]
    for figure in view.chapters:
        title = f"{figure.chapter.file.number}. {figure.chapter.file.title[speech.language]}"
        headings += [title, speech.gettext("%(chapter)s: completed on", chapter=title)]
        if view.mode is PrivacyMode.INDIVIDUAL:
            headings += [
                speech.gettext("%(chapter)s: attempts", chapter=title),
                speech.gettext("%(chapter)s: right answers at best", chapter=title),
            ]
    headings += [
        speech.gettext("Sessions attended"),
        speech.gettext("Sessions held"),
        speech.gettext("Sessions asked for"),
        speech.gettext("Course completed on"),
    ]
    return headings, [_row(view, row, speech) for row in view.rows]


def _row(view: GroupView, row: rules.Row, speech: Speech) -> list[Value]:
    cells: list[Value] = [_short(row.reference), row.name, row.authority]
    for figure, cell in zip(view.chapters, row.cells, strict=True):
        cells.append(state_word(cell.state, speech))
        cells.append(speech.day_of(cell.completed_at) if cell.completed_at else None)
        if view.mode is PrivacyMode.INDIVIDUAL:
            marks = row.marks.get(figure.chapter.slug)
            cells += [marks.attempts, marks.best] if marks else [0, None]
    completed_on = speech.day_of(row.completed_at) if row.completed_at else None
    return [*cells, row.sessions.attended, row.sessions.held, view.group.sessions_asked, completed_on]


def _figures(view: GroupView, speech: Speech) -> tuple[list[str], list[list[Value]]]:
    headings = [
        speech.gettext("Identifier"),
        speech.gettext("Chapter"),
        speech.gettext("Due on"),
        speech.gettext("Members"),
        speech.gettext("Completed"),
    ]
    rows: Sequence[Sequence[Value]] = [
        [
            figure.chapter.slug,
            figure.chapter.file.title[speech.language],
            figure.due_on,
            view.people,
            speech.gettext("too few to say") if figure.completed is None else figure.completed,
        ]
        for figure in view.chapters
    ]
    return headings, [list(row) for row in rows]


def _short(reference: UUID) -> str:
    return str(reference)
