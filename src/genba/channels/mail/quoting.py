"""Where a reply ends and what it quotes begins: the quote styles of mail programs.

Rules of this file: pure; tables of what programs write above a quotation, in many languages.
Two readers use it with different needs: a quotation left in a comment is ugly, a quotation taken
for an act would be wrong, so the first own line has its own strict rule in `reading`.
"""

import re
from collections.abc import Sequence

_ATTRIBUTION_LINES = 6  # a wrapped "On … wrote:" is not longer than this
_LINE_LENGTH = 400  # nobody's attribution line is longer; keeps the expressions cheap

_WROTE = re.compile(
    r"(wrote|writes|said|a écrit|écrivait|schrieb|schreef|geschreven|escribi[óo]|escreveu|"
    r"ha scritto|skrev|napisał(\(a\)|a)?|napsal(\(a\)|a)?|написал(\(а\)|а)?|написав|пише|пишет|"
    r"kirjoitti|írta|写道|寫道|のメール|wrote the following)"
    r"\s*[::]?\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d")
_SKREV = re.compile(
    r"^\W{0,3}(den|på|am|op|on)\s.{0,80}\d.{0,60}\s(skrev|schrieb|schreef)\s.{1,200}:\s*$",
    re.IGNORECASE,
)
_DATED_ADDRESS = re.compile(r"^\W{0,3}\d{1,4}[-./ 年].{4,200}<[^<>]{3,120}>\W{0,3}[::]\s*$")
_OPENING = re.compile(
    r"^[>\s*_]{0,6}(on|at|le|el|il|em|am|den|op|på|dne|w dniu|dnia|в|у|vào|em|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    r"mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|\d{1,4}|在|於|.{0,60}\b(19|20)\d\d\b)",
    re.IGNORECASE,
)
_DIVIDER = re.compile(r"^[\s*>]{0,4}[-—–_=]{3,}\s*\S.{2,60}?\S\s*[-—–_=]{3,}[\s*]{0,4}$")
_RULER = re.compile(r"^\s*[_\-=*]{20,}\s*$")
_APPLE = re.compile(
    r"^\s*(begin forwarded message|début du message (réexpédié|transféré)|"
    r"anfang der weitergeleiteten (nachricht|e-?mail))\s*:?\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^[\s*>_]{0,4}(from|sent|date|to|cc|subject|reply-to|importance|"
    r"de|envoyé|objet|à|répondre à|"
    r"von|gesendet|an|betreff|datum|antwort an|"
    r"enviado( el)?|para|asunto|fecha|assunto|data|"
    r"da|inviato|a|oggetto|"
    r"van|verzonden|aan|onderwerp|"
    r"från|fra|skickat|sendt|dato|till|til|ämne|emne|"
    r"od|wysłano|do|temat|отправлено|от|кому|тема|дата|"
    r"发件人|发送时间|收件人|主题|寄件者|差出人|送信日時|宛先|件名|日付)\*{0,2}\s*[::]\*{0,2}(\s|$)",
    re.IGNORECASE,
)
_SENDER_FIELD = re.compile(
    r"^[\s*>_]{0,4}(from|de|von|da|van|från|fra|od|от|发件人|寄件者|差出人)\*{0,2}\s*[::]\*{0,2}\s*\S",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^(--|—|––|-- )\s*$")
_DEVICE = re.compile(
    r"^\W{0,4}("
    r"sent (from|via|with|by)\b|envoy[ée] (depuis|de|à partir)\b|"
    r"von meinem .{1,40} gesendet|gesendet (von|mit)\b|diese nachricht wurde von meinem\b|"
    r"enviado (desde|do|de)\b|inviato da\b|verzonden (met|vanaf|via)\b|verstuurd vanaf\b|"
    r"sendt fra\b|skickat från\b|wysłane z\b|отправлено с\b|lähetetty\b|"
    r"get \[?outlook for\b|télécharge[rz] outlook\b|從我的|从我的|iphone から送信|iPhoneから送信"
    r")",
    re.IGNORECASE,
)


_FAREWELL = re.compile(
    r"^\W*((many |best |kind |warm )?(regards|wishes|greetings)|thanks|thank you|thx|cheers|"
    r"sincerely|yours|br|kr|cordialement|bien à (vous|toi)|salutations|merci|bonne journée|"
    r"mit freundlichen grüßen|freundliche grüße|viele grüße|liebe grüße|gruß|danke|mfg|lg|vg|"
    r"saludos|gracias|saluti|grazie|groeten|groetjes|bedankt|atenciosamente|obrigad[oa])\b",
    re.IGNORECASE,
)


def is_farewell(text: str) -> bool:
    """Whether a text is only a greeting and a name: nothing anybody needs on the case."""
    lines = [line for line in text.splitlines() if line.strip()]
    short = len(lines) <= 5 and all(len(line) <= 60 for line in lines)
    return not lines or (short and bool(_FAREWELL.match(lines[0])))


def is_quoted(line: str) -> bool:
    """Whether a line is marked as a quotation ("> …", "| …" of old programs)."""
    return line.lstrip().startswith((">", "|", "›"))


def is_signature(line: str) -> bool:
    """Whether a line opens a signature: the dashes of RFC 3676, 4.3, or a device's."""
    return bool(_SIGNATURE.match(line)) or (len(line) < 160 and bool(_DEVICE.match(line)))


def attribution(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` are the head a mail program puts above a quotation; 0 for none."""
    line = lines[at]
    if not line.strip() or len(line) > _LINE_LENGTH:
        return 0
    if _DIVIDER.match(line) or _APPLE.match(line):
        return 1
    if _RULER.match(line):
        return 1
    if _SENDER_FIELD.match(line) and _fields(lines, at) >= 3:
        return _head_length(lines, at)
    return _wrote(lines, at)


def _wrote(lines: Sequence[str], at: int) -> int:
    if not _OPENING.match(lines[at]):
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + _ATTRIBUTION_LINES], start=1):
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > _LINE_LENGTH:
            return 0
        if not _DATED.search(joined):
            if line.strip().endswith((".", "!", "?")):
                return 0
            continue
        if _WROTE.search(joined) or _DATED_ADDRESS.match(joined) or _SKREV.match(joined):
            inner = (_wrote(lines, later) for later in range(at + 1, at + count))
            return 0 if any(inner) else count  # own words above a real head
    return 0


def _fields(lines: Sequence[str], at: int) -> int:
    near = [line for line in lines[at : at + 9] if line.strip()][:6]
    return sum(1 for line in near if _FIELD.match(line))


def _head_length(lines: Sequence[str], at: int) -> int:
    count = 0
    while at + count < len(lines) and lines[at + count].strip():
        count += 1
    return max(count, 1)
