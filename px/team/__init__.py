"""The team: who may sign in and with which role, who is signed in now, and who did what.

Rows: Staff, StaffSession (by the hash of its token), Audit.
Verbs: add_staff, change_role, set_password, deactivate, activate; open_session, close_session,
write_audit.
Changing a role or a password, or deactivating, ends the person's sign-ins at once.
Errors: InvalidInput (address, password), LastAdmin, NotFound.
"""

from px.team.actions import (
    LastAdmin,
    activate,
    add_staff,
    change_own_password,
    change_role,
    deactivate,
    set_password,
    write_audit,
)
from px.team.attempts import Attempts
from px.team.passwords import verify
from px.team.queries import AuditLine, SignIn, StaffLine, audit, has_staff, sign_in_of, staff
from px.team.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, may
from px.team.sessions import (
    User,
    close_session,
    is_seen_lately,
    note_seen,
    open_session,
    revoke_sessions,
    signed_in,
    token_hash,
)

__all__ = [
    "LONGEST_PASSWORD",
    "SHORTEST_PASSWORD",
    "Attempts",
    "AuditLine",
    "LastAdmin",
    "SignIn",
    "StaffLine",
    "User",
    "activate",
    "add_staff",
    "audit",
    "change_own_password",
    "change_role",
    "close_session",
    "deactivate",
    "has_staff",
    "is_seen_lately",
    "may",
    "note_seen",
    "open_session",
    "revoke_sessions",
    "set_password",
    "sign_in_of",
    "signed_in",
    "staff",
    "token_hash",
    "verify",
    "write_audit",
]
