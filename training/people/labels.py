"""How the fields of work and the roles are called, in the words of the reader."""

from training.access import Role
from training.people.rules import FieldOfWork
from training.web.words import _


def field_of_work_label(field: str) -> str:
    """Return what people call a field of work."""
    labels = {
        FieldOfWork.ADMINISTRATION: _("Administration and prevention"),
        FieldOfWork.SOCIAL: _("Social work"),
        FieldOfWork.YOUTH: _("Youth work"),
        FieldOfWork.TEACHER: _("Education"),
        FieldOfWork.POLICE: _("Local police"),
        FieldOfWork.ELECTED: _("Elected office"),
        FieldOfWork.HEALTH: _("Health and mental health"),
        FieldOfWork.HOUSING: _("Housing"),
        FieldOfWork.SPORT_CULTURE: _("Sport and culture"),
        FieldOfWork.ASSOCIATION: _("Associations and faith communities"),
        FieldOfWork.JUSTICE: _("Justice and probation"),
        FieldOfWork.OTHER: _("Other"),
    }
    return labels[FieldOfWork(field)]


def role_label(role: Role) -> str:
    """Return what people call a role."""
    labels = {
        Role.PARTICIPANT: _("Participant"),
        Role.TRAINER: _("Trainer"),
        Role.ADMINISTRATOR: _("Administrator"),
        Role.OPERATOR: _("Administrator of the installation"),
    }
    return labels[role]
