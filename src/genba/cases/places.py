"""Where processes and decisions are found: a key as one part of an address, and back.

Rules of this file: pure text. A key is what some drawing tool wrote as the id of the process.
Most stand in an address as they are; what an address cannot carry, or already means something
there, is escaped once more than usual, and comes back as it was.
"""

from urllib.parse import quote, unquote

TAKEN = frozenset({"deploy"})  # what stands in the same place and is no process


def segment(key: str) -> str:
    """A key as one part of a path, before the usual escaping; `key_of` undoes it."""
    text = key.replace("%", "%25").replace("/", "%2F").replace("\\", "%5C")
    if text in TAKEN or not text.strip("."):  # "." and ".." are steps in a path
        return "".join(f"%{ord(letter):02X}" for letter in text)
    return text


def key_of(part: str) -> str:
    """The key whose segment this is."""
    return unquote(part)


def process_path(key: str) -> str:
    """The path of the page of a process, ready for a link."""
    return f"/processes/{_part(key)}"


def decision_path(key: str) -> str:
    """The path of the page of a decision."""
    return f"/decisions/{_part(key)}"


def row_path(key: str, row: str) -> str:
    """The path of a row of its table; of the decision where no row is named."""
    return f"{decision_path(key)}/rows/{_part(row)}" if row else decision_path(key)


def step_path(number: int, node: str) -> str:
    """The path of the page of a step of a case."""
    return f"/cases/{number}/steps/{_part(node)}"


def file_page(number: int, log: str, content: str) -> str:
    """The path of the page of a file: of a case by its number, else of what its stream is of."""
    if number:
        return f"/cases/{number}/files/{content}/page"
    id = log.partition(":")[2]
    return f"/files/{'rule' if '#' in id else 'decision'}/{_part(id)}/{content}/page"


def calendar_path(name: str) -> str:
    """The path of the page of a calendar."""
    return f"/calendars/{_part(name)}"


def queue_path(team: str) -> str:
    """The path of the page of a queue; of all of one's own for "*"."""
    return "/queues/" if team == "*" else f"/queues/{_part(team)}"


def _part(key: str) -> str:
    return quote(segment(key), safe=":@+,;=!$&()*~")
