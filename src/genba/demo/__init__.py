"""The demonstration: two drawings, some roles, and cases moved along by real acts.

Rules of this folder: nothing is put into the journal by hand. Roles get accounts, drawings are
deployed, and every step of every case goes through `acts.performance`, as a click would; only the
clock is turned back while it happens, so that cases have a past. People are roles, plainly
fictional.
"""

from genba.demo.telling import load

__all__ = ["load"]
