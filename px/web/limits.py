"""A limit on what a visitor may send: the server itself takes bodies of any size."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM_BYTES = 64 * 1024


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """ASGI middleware: a longer body is answered with 413, announced or not."""

    def __init__(self, app: ASGIApp, most: int = FORM_BYTES) -> None:
        """Guards `app` against bodies of more than `most` bytes."""
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, counting what comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        taken, started = 0, False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most:
                raise _TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if self._announced(scope) > self.most:
                raise _TooLargeError
            await self.app(scope, counted, noted)
        except _TooLargeError:
            if not started:
                headers = {"Connection": "close", "Cache-Control": "no-store"}
                await PlainTextResponse("That is too large.", 413, headers)(scope, receive, send)

    @staticmethod
    def _announced(scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0
