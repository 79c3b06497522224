"""What is answered over HTTP beside the team's pages: sign-in, links of messages, health; the gate.

`routes` is the one list of routes; `AuthGate` stands in front of the pages, uploads, media and
sockets; `SecurityHeaders` marks every answer. No rows of its own. Pages are HTML without script.
"""

from px.web.gate import AuthGate, Sockets
from px.web.headers import SecurityHeaders
from px.web.routes import routes

__all__ = ["AuthGate", "SecurityHeaders", "Sockets", "routes"]
