"""Somebody at a terminal: NeoMutt reads a mailbox, opens the newest mail, answers, sends."""

import os
import pty
import select
import subprocess
import time
from pathlib import Path

from .rig import SECRET, Rig, find

_RC = """
set folder = "imap://127.0.0.1:{rig.imap}/"
set spoolfile = "+INBOX"
set imap_user = "{address}"
set imap_pass = "{secret}"
set ssl_starttls = no
set ssl_force_tls = no
set smtp_url = "smtp://127.0.0.1:{rig.smtp}"
set smtp_authenticators = ""
set from = "{address}"
set realname = "Reader"
set use_from = yes
set hostname = "example.org"
set editor = "{editor}"
set autoedit = yes
set fast_reply = yes
set include = yes
set reply_to = yes
set edit_headers = no
set sort = "date-received"
set copy = no
set move = no
set quit = yes
set abort_nosubject = no
set abort_unmodified = no
set postponed = ""
set header_cache = ""
set sleep_time = 0
set wait_key = no
push "<last-entry><reply><send-message><quit>"
"""


def missing() -> str:
    """Why there is nobody at the terminal; "" when there is."""
    return "" if find("neomutt") else "not run: neomutt not installed"


def answer_newest(rig: Rig, address: str, text: str, folder: Path) -> None:
    """Answer somebody's newest mail with a few words above its quotation."""
    words, editor, config = folder / "words", folder / "editor", folder / "neomuttrc"
    words.write_text(f"{text}\n\n")
    editor.write_text(f'#!/bin/sh\ncat "{words}" "$1" > "$1.new" && mv "$1.new" "$1"\n')
    editor.chmod(0o755)
    config.write_text(_RC.format(rig=rig, address=address, secret=SECRET, editor=editor))
    near, far = pty.openpty()
    surroundings = {**os.environ, "TERM": "xterm", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    command = [find("neomutt"), "-n", "-F", str(config)]
    process = subprocess.Popen(
        command, stdin=far, stdout=far, stderr=far, env=surroundings, cwd=folder, close_fds=True
    )
    os.close(far)
    shown = _read_until_ended(process, near)
    os.close(near)
    assert process.returncode == 0, shown.decode("utf-8", "replace")[-3000:]


def _read_until_ended(process: "subprocess.Popen[bytes]", near: int) -> bytes:
    shown, ends = b"", time.monotonic() + 40
    while process.poll() is None and time.monotonic() < ends:
        ready, _write, _error = select.select([near], [], [], 0.2)
        if ready:
            try:
                shown += os.read(near, 65536)
            except OSError:  # the terminal is closed: the program has ended
                break
    if process.poll() is None and time.monotonic() >= ends:
        process.kill()
    process.wait(timeout=20)
    return shown
