"""The platforms whose gradebooks are filled: by which columns a person is recognised, where the grade stands.

The one table of it. A name of a column counts without regard to case. What else a platform does with its file:

- Canvas finds students by its own ID, the SIS user ID or the login, and assignments by the number in the column's
  name. It ignores read-only columns, and makes a new assignment of a new column: none is added here.
- Moodle takes the grading worksheet of an assignment or the gradebook's CSV export. The worksheet names students by
  “Identifier” (Participant 123, the number in the names of downloaded files); its columns are called in the language
  of whoever downloads it, their order is the same in all (`worksheet_columns`).
- Blackboard finds students by the user name, and columns by the number behind the name; it writes UTF-16 with tabs
  and calls the file .xls, or a CSV file.
- Brightspace finds students by OrgDefinedId and user name, both with a “#” before them, which keeps Excel from
  counting with them; only columns “… Points Grade” are read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A cell of grades without a grade: Moodle's and Blackboard's words for it.
_NO_GRADE = frozenset({"", "-", "–"})
# The last word in brackets of a column of Moodle's gradebook, if it is no number of points, in the languages that
# courses mostly speak.
_NO_POINTS = re.compile(
    r".*\((feedback|percentage|letter|prozentsatz|prozent|buchstabe|pourcentage|lettre|commentaires?|porcentaje|letra"
    r"|retroalimentación|comentarios?|percentuale|lettera|commento|percentagem|porcentagem|百分比|等级|反馈)\)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Platform:
    """What the columns of a platform's gradebook are called.

    Attributes
    ----------
    name : str
    ids : tuple of str
        Columns of ids that the institution has given, and addresses.
    number : str
        The column of the platform's own number of a person, which stands in the names of downloaded files, or "".
    names : tuple of tuple of str
        The columns that make a person's full name, in the order in which one says it.
    grades : tuple of str
        Names of the column to fill, where none is called after the assignment.
    maximum : str
        The column of the most points that can be reached, or "".
    changeable : str
        The column that says whether the platform takes a grade in this row, or "".
    maximum_in_name : Pattern or None
        Where a column's own name says the most points.
    grades_are, grades_are_not : Pattern or None
        What every column of grades is called, and what none is.
    groups_have_numbers : bool
        Whether the number in the name of a file may be that of a group, which is anybody's number, too.
    before_ids : str
        What stands before every id.
    no_grade : frozenset of str
        What stands in a cell without a grade, in lower case. Any other word there (`EX`) is a decision.
    nobody, no_student : frozenset of str
        Names, in lower case, of rows of points, and of the platform's own test student.
    """

    name: str
    ids: tuple[str, ...]
    number: str = ""
    names: tuple[tuple[str, ...], ...] = ()
    grades: tuple[str, ...] = ()
    maximum: str = ""
    changeable: str = ""
    maximum_in_name: re.Pattern[str] | None = None
    grades_are: re.Pattern[str] | None = None
    grades_are_not: re.Pattern[str] | None = None
    groups_have_numbers: bool = False
    before_ids: str = ""
    no_grade: frozenset[str] = _NO_GRADE
    nobody: frozenset[str] = frozenset()
    no_student: frozenset[str] = frozenset()


_FIRST_LAST = ("First name", "Last name")
CANVAS = Platform(
    "Canvas",
    ids=("SIS User ID", "SIS Login ID", "Login ID", "Integration ID", "Email"),
    number="ID",
    names=(("Student",), ("Student Name",), _FIRST_LAST),
    nobody=frozenset({"points possible"}),
    no_student=frozenset({"student, test", "test student"}),
)
MOODLE = Platform(
    "Moodle",
    ids=(
        "ID number", "Email address", "Username", "Matrikelnummer", "ID-Nummer", "Anmeldename", "E-Mail-Adresse",
        "Numéro d’identification", "Numéro d'identification", "Adresse de courriel", "Nom d’utilisateur",
        "Nom d'utilisateur", "Número de ID", "Dirección de correo", "Nombre de usuario", "Codice identificativo",
        "Indirizzo email", "Número de identificação", "Endereço de e-mail", "ID-nummer", "E-mailadres",
        "学号", "ID号", "编号", "用户名", "电子邮件地址", "Email地址",
    ),
    number="Identifier",
    names=(
        ("Full name",), _FIRST_LAST, ("First name", "Surname"), ("Vollständiger Name",), ("Vorname", "Nachname"),
        ("Nom complet",), ("Prénom", "Nom de famille"), ("Prénom", "Nom"), ("Nombre completo",),
        ("Nombre", "Apellido(s)"), ("Nome completo",), ("Nome", "Cognome"), ("Volledige naam",), ("全名",),
        ("姓", "名"), ("姓氏", "名"),
    ),
    grades=("Grade",),
    maximum="Maximum grade",
    changeable="Grade can be changed",
    grades_are_not=_NO_POINTS,
    groups_have_numbers=True,
)  # fmt: skip
BLACKBOARD = Platform(
    "Blackboard",
    ids=("Username", "Student ID", "Email"),
    names=(_FIRST_LAST,),
    maximum_in_name=re.compile(r"\[[^\]\d]*(?P<points>\d+(?:[.,]\d+)*)[^\]]*\]\s*\|"),
    no_grade=_NO_GRADE | {"needs grading", "in progress"},
)
BRIGHTSPACE = Platform(
    "Brightspace",
    ids=("OrgDefinedId", "Username", "Email"),
    names=(_FIRST_LAST,),
    maximum_in_name=re.compile(r"<[^>]*MaxPoints:\s*(?P<points>[\d.,]+)"),
    before_ids="#",
    grades_are=re.compile(r".*\bPoints Grade\b.*", re.IGNORECASE),
)

PLATFORMS = {"canvas": CANVAS, "moodle": MOODLE, "blackboard": BLACKBOARD, "brightspace": BRIGHTSPACE}

# What a course has of its own: no platform takes grades in it.
LIST = Platform(
    "a list of people",
    ids=(
        "Email", "E-mail", "Email address", "Username", "User name", "Login", "NetID", "ID number", "Student ID",
        "Student number", "SID", "ID", "Student", "学号", "工号", "编号", "账号", "用户名", "登录名", "邮箱",
        "电子邮箱", "电子邮件", "邮件地址",
    ),
    names=(("Full name",), ("Name",), _FIRST_LAST, ("First name", "Surname"), ("姓名",), ("名字",), ("姓", "名")),
)  # fmt: skip

# The words for “no” and “yes” in the languages that Moodle is mostly used in.
NO = frozenset(
    re.findall(
        r"\S+",
        "no nein non não nee nej nei ei nie ne nem nu не нет ні όχι hayır لا كلا לא خیر 否 いいえ 아니요 아니오 không "
        "ไม่ tidak ez nē नहीं",
    )
)
YES = frozenset(
    re.findall(
        r"\S+",
        "yes ja oui sí si sì sim da да так tak ano áno igen evet نعم כן بله بلی 是 はい 예 네 có ใช่ ya bai taip jā já "
        "हाँ kyllä jah ναι",
    )
)
# What Moodle calls everybody where names are hidden, in the same languages.
PARTICIPANT = re.compile(
    r"participant|teilnehme|participante|partecipante|deelnemer|deltag|osallistuja|uczestnik|účastník|résztvevő|участник"
    r"|учасник|συμμετέχων|katılımcı|مشارك|משתתף|参与者|参加者|參與者|學員|학습자|참여자|người tham gia|peserta",
    re.IGNORECASE,
)
