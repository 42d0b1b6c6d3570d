"""Real mail servers of one's own: Postfix, Dovecot with sieve, OpenDKIM, all on the loopback.

Rules of this file: everything lives in one folder and ends with the test run. Nothing can leave
the machine: Postfix knows three domains and refuses every other. Ports stay below the range the
system gives to outgoing connections.
"""

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from imapclient import IMAPClient

from tests.channels import signing
from tests.channels.company import free_port

NEEDED = ("postfix", "dovecot", "opendkim", "sievec")
PLACES = "/usr/sbin:/usr/lib/dovecot:/sbin"
SECRET = "secret"
GONE = "gone.test"  # a domain whose server knows nobody
_SECONDS = 30.0


def missing() -> str:
    """Why the servers cannot run here; "" when they can."""
    lacking = [name for name in NEEDED if not find(name)]
    if lacking:
        return f"not run: {', '.join(lacking)} not installed"
    return "" if os.geteuid() == 0 else "not run: Postfix needs root to start"


def find(name: str) -> str:
    """Where a program is, or ""."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{PLACES}") or ""


def eventually(found: Callable[[], bool], seconds: float = _SECONDS) -> bool:
    """Whether something becomes true in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found():
            return True
        time.sleep(0.05)
    return found()


class Refusing:
    """A server that knows nobody (the handler of aiosmtpd)."""

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse every recipient for good."""
        return f"550 5.1.1 <{address}>: Recipient address rejected: no such user"


class Rig:
    """The servers, once started: `smtp` takes mail that is signed, `imap` is where people read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)
        taken: set[int] = set()
        self.smtp, self.milter, self.lmtp, self.imap, self.listener, self.gone = (
            _another(taken) for _port in range(6)
        )
        self.keys = folder / "keys"
        self._running: list[subprocess.Popen[bytes]] = []
        self._refusing = Controller(Refusing(), hostname="127.0.0.1", port=self.gone)

    def start(self) -> None:
        """Start all of them; raises AssertionError with what a server said."""
        self._refusing.start()
        self._start_opendkim()
        self._start_dovecot()
        self._start_postfix()
        for port in (self.milter, self.lmtp, self.imap, self.smtp):
            assert eventually(lambda port=port: _listens(port)), self.said()  # type: ignore[misc]

    def stop(self) -> None:
        """End what was started, and nothing else."""
        subprocess.run([find("postfix"), "-c", self.folder / "postfix", "stop"],
                       capture_output=True, check=False)  # fmt: skip
        for process in reversed(self._running):
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
        self._refusing.stop()

    def said(self) -> str:
        """The logs of the servers."""
        files = sorted(self.folder.rglob("*.log"))
        return "\n".join(f"== {file.name}\n{file.read_text()[-3000:]}" for file in files)

    def mailbox(self, address: str) -> IMAPClient:
        """Somebody's mailbox, open."""
        client = IMAPClient("127.0.0.1", port=self.imap, ssl=False, timeout=20)
        client.login(address, SECRET)
        client.select_folder("INBOX")
        return client

    def mails(self, address: str) -> list[EmailMessage]:
        """What somebody has got, newest first."""
        with self.mailbox(address) as client:
            found = client.fetch(client.search(["ALL"]), ["BODY.PEEK[]"])
        newest = sorted(found, reverse=True)
        read = [message_from_bytes(found[uid][b"BODY[]"], policy=policy.default) for uid in newest]
        return [mail for mail in read if isinstance(mail, EmailMessage)]

    def send(self, sender: str, to: str, message: bytes) -> None:
        """Hand a mail to Postfix, which has it signed."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=20) as client:
            client.sendmail(sender, [to], message)

    def deliver(self, sender: str, to: str, message: bytes) -> None:
        """Put a mail into a mailbox, past Postfix."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.sendmail(sender, [to], message)

    def answer_always(self, address: str, text: str) -> None:
        """Switch somebody's out-of-office note on."""
        home = self._home(address)
        script = home / ".dovecot.sieve"
        script.write_text(f'require ["vacation"];\nvacation :days 1 "{text}";\n')
        shutil.chown(script, "nobody", "nogroup")

    def _home(self, address: str) -> Path:
        home = self.folder / "homes" / address
        home.mkdir(parents=True, exist_ok=True)
        shutil.chown(home, "nobody", "nogroup")
        return home

    def _start_opendkim(self) -> None:
        signing.publish(self.keys, "example.org")
        key = self.folder / "domain.pem"
        key.write_bytes(signing.key().secret)
        table = self.folder / "signing"
        table.write_text("*@example.org key\n")
        (self.folder / "key").write_text(f"key example.org:{signing.SELECTOR}:{key}\n")
        config = self.folder / "opendkim.conf"
        config.write_text(
            f"Socket inet:{self.milter}@127.0.0.1\nMode s\nCanonicalization relaxed/relaxed\n"
            f"KeyTable file:{self.folder / 'key'}\nSigningTable refile:{table}\n"
            "InternalHosts 127.0.0.1\nRequireSafeKeys no\nSyslog no\n"
        )
        self._run("opendkim", "-f", "-x", str(config))

    def _start_dovecot(self) -> None:
        homes = self.folder / "homes"
        homes.mkdir()
        shutil.chown(homes, "nobody", "nogroup")
        config = self.folder / "dovecot.conf"
        config.write_text(_DOVECOT.format(folder=self.folder, rig=self, secret=SECRET))
        self._run("dovecot", "-F", "-c", str(config))

    def _start_postfix(self) -> None:
        config, queue, data = (self.folder / name for name in ("postfix", "queue", "data"))
        for place in (config, queue, data):
            place.mkdir()
        shutil.chown(data, "postfix")
        (config / "main.cf").write_text(_MAIN.format(rig=self, queue=queue, data=data, gone=GONE))
        (config / "master.cf").write_text(_MASTER.format(port=self.smtp))
        done = subprocess.run([find("postfix"), "-c", config, "start"], capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert done.returncode == 0, f"{done.stderr}\n{self.said()}"

    def _run(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.out.log").open("wb") as said:
            process = subprocess.Popen([find(name), *arguments], stdout=said, stderr=said)
        self._running.append(process)


def _another(taken: set[int]) -> int:
    port = free_port()
    while port in taken or _listens(port):
        port += 3
    taken.add(port)
    return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


_DOVECOT = """
base_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password={secret}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/homes/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {rig.imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {rig.lmtp}
  }}
}}
submission_host = 127.0.0.1:{rig.smtp}
protocol lmtp {{
  mail_plugins = sieve
  postmaster_address = postmaster@example.org
}}
plugin {{
  sieve = file:~/.dovecot.sieve
  sieve_vacation_send_from_recipient = no
}}
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = {rig.folder}/postfix.log
maillog_file_prefixes = /tmp, /var
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
relay_domains = example.org, genba.test, {gone}
transport_maps = inline:{{ {{example.org = lmtp:inet:127.0.0.1:{rig.lmtp}}}, {{genba.test = smtp:[127.0.0.1]:{rig.listener}}}, {{{gone} = smtp:[127.0.0.1]:{rig.gone}}} }}
default_transport = error:nothing leaves this machine
smtp_dns_support_level = disabled
recipient_delimiter = +
smtpd_milters = inet:127.0.0.1:{rig.milter}
milter_default_action = tempfail
smtpd_relay_restrictions = permit_mynetworks, reject
smtputf8_enable = no
"""  # noqa: E501 - a table in one line

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
