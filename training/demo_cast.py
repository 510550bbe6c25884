"""Who is in the demonstration: its three sign-ins, the members of its group, and who issues its certificates."""

from dataclasses import dataclass
from datetime import date

from training.certificates.issuers import IssuerSaid
from training.cohorts.rules import SessionKind
from training.contacts.rules import Card
from training.languages import Language
from training.people.rules import FieldOfWork

PASSWORD = "a lantern on the quay"  # noqa: S105  public: it opens demonstration data only
COURSE = "local-prevention"
PARTICIPANT, TRAINER, ADMINISTRATOR = "participant@demo.example", "trainer@demo.example", "admin@demo.example"


@dataclass(frozen=True)
class Learner:
    """A member of the demonstration group, and how far they are: sections of the first chapter, wrong answers in
    each attempt at its quiz, and whether they did the other chapters too."""

    name: str
    language: Language
    place: str
    work: FieldOfWork
    sections: int
    wrong: tuple[int, ...] = ()
    finishes: bool = False


LEARNERS = (
    Learner("Amélie Lambert", Language.FR, "liege", FieldOfWork.SOCIAL, 7, (3, 1)),
    Learner("Jürgen Weiß", Language.DE, "augsburg", FieldOfWork.ADMINISTRATION, 7, (1,), finishes=True),
    Learner("Giulia D’Angelo", Language.IT, "reggio-emilia", FieldOfWork.YOUTH, 7, (2,), finishes=True),
    Learner("Iñaki Nuñez Prat", Language.ES, "hospitalet", FieldOfWork.POLICE, 7, (0,), finishes=True),
    Learner("Đorđe Lukić", Language.DE, "augsburg", FieldOfWork.TEACHER, 7, (4, 3, 2), finishes=True),
    Learner("Siobhán O’Neill", Language.EN, "brussels", FieldOfWork.ELECTED, 7, (2,), finishes=True),
    Learner("Ștefan Ionescu", Language.FR, "brussels", FieldOfWork.HOUSING, 4, (5,)),
    Learner("Łucja Nowak", Language.DE, "dusseldorf", FieldOfWork.HEALTH, 5),
    Learner("Chiara Ferri", Language.IT, "bologna", FieldOfWork.TEACHER, 3),
    Learner("Bérénice Çelik", Language.FR, "liege", FieldOfWork.SPORT_CULTURE, 2),
    Learner("Nuria Gómez", Language.ES, "hospitalet", FieldOfWork.ASSOCIATION, 0),
    Learner("Anders Åkesson", Language.EN, "malmo", FieldOfWork.JUSTICE, 0),
)


@dataclass(frozen=True)
class Meeting:
    """A session of the demonstration group: days from now, and which learners of the row missed it, if it was held."""

    title: str
    kind: SessionKind
    place: str
    days: int
    missed: tuple[int, ...] = ()


MEETINGS = (
    Meeting("Opening day", SessionKind.FACE_TO_FACE, "Brussels, town hall, room 2", -18, (5, 7, 10)),
    Meeting("Cases from four cities", SessionKind.ONLINE, "https://meet.town.example/four-cities", -4, (5, 6, 8, 11)),
    Meeting("A prevention office at work", SessionKind.FIELD_VISIT, "Liège, 4 quai de la Batte", 9),
)


ISSUER = IssuerSaid(
    name="LIAISE Training",
    signatories=[
        {
            "name": "Alba Romero",
            "function": {
                "en": "Programme coordination",
                "fr": "Coordination du programme",
                "es": "Coordinación del programa",
                "it": "Coordinamento del programma",
                "de": "Programmkoordination",
            },
        },
        {
            "name": "Tom Verbeeck",
            "function": {"en": "Trainer", "fr": "Formateur", "es": "Formador", "it": "Formatore", "de": "Kursleitung"},
        },
    ],
    funding={
        "en": "Here stands the funding statement of the installation, beside its logo.",
        "fr": "Ici figure la mention de financement de l’installation, à côté de son logo.",
        "es": "Aquí figura la mención de la financiación de la instalación, junto a su logotipo.",
        "it": "Qui compare la dicitura di finanziamento dell’installazione, accanto al suo logo.",
        "de": "Hier steht der Förderhinweis der Installation, neben ihrem Logo.",
    },
    logo=None,
    no_logo=False,
)


def contact_card(confirmed_on: date) -> Card:
    """Return a contact card that everybody sees to be an example: no number in it can reach anybody."""
    return Card(
        names={
            "en": "Example: prevention office of the town (demonstration)",
            "fr": "Exemple\u202f: service de prévention de la ville (démonstration)",
            "es": "Ejemplo: oficina de prevención de la ciudad (demostración)",
            "it": "Esempio: ufficio prevenzione del comune (dimostrazione)",
            "de": "Beispiel: Präventionsstelle der Stadt (Demonstration)",
        },
        notes={
            "en": "Monday to Friday, 9 to 17. We listen first; we pass nothing on without telling you.",
            "fr": "Du lundi au vendredi, de 9 h à 17 h. Nous écoutons d’abord\u202f; rien ne part à votre insu.",
            "es": "De lunes a viernes, de 9 a 17 h. Primero escuchamos; no comunicamos nada sin decírselo.",
            "it": "Dal lunedì al venerdì, dalle 9 alle 17. Prima ascoltiamo; non trasmettiamo nulla senza dirglielo.",
            "de": "Montag bis Freitag, 9 bis 17 Uhr. Wir hören zuerst zu; weiter geht nichts, ohne dass Sie es wissen.",
        },
        telephone="+00 000 000 000",
        text_message="+00 000 000 001",
        email="prevention@town.example",
        confirmed_on=confirmed_on,
    )
