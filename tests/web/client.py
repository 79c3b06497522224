"""Starlette's test client, which warns about the httpx it is given."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

__all__ = ["Client", "WebSocketDenialResponse", "WebSocketDisconnect"]


class Client(TestClient):
    """The client, from http://testserver."""

    __test__ = False
