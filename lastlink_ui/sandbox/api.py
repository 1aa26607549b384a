"""The HTTP face of the API: key, faults, one answer per idempotency key at a time."""

import asyncio
import base64
import time
from binascii import Error as NotBase64
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import forms
from .clock import Clock
from .database import Database
from .errors import IdempotencyInUse, InvalidParameter, RateLimited, StripeError, Unauthorized
from .execute import Call, Reply, carry_out, error_reply, log
from .faults import Fault, Faults
from .ids import new_id
from .shapes_payments import API_VERSION

SECRET_KEY = "sk_test_sandbox"  # noqa: S105 - public by design: it opens a sandbox on this computer
_MAX_BODY = 256 * 1024
_MAX_KEY = 255
_HANG_FOR = 3_600.0


class Api:
    """Answers ``/v1/*``."""

    def __init__(
        self, database: Database, faults: Faults, clock: Clock, origin: str, after: Callable[[], None]
    ) -> None:
        self._database, self._faults, self._clock, self._origin = database, faults, clock, origin
        self._after = after  # told after each request that may have made events or jobs
        self._keys_in_use: set[str] = set()

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        call = Call(
            method=request.method,
            path=request.url.path,
            params={},
            request_id=new_id("req"),
            key=request.headers.get("idempotency-key") if request.method == "POST" else None,
            received=time.time(),
        )
        try:
            _check_key(request)
            await _read_params(request, call)
        except StripeError as refusal:
            return await self._refused(call, refusal)
        if call.key and call.key in self._keys_in_use:
            return await self._refused(call, _in_use(call.key))
        fault = self._faults.take(call.method, call.path)
        if fault:
            call.fault = fault.kind
        self._keys_in_use.update({call.key} if call.key else ())
        try:
            return await self._answer(request, call, fault)
        finally:
            self._keys_in_use.difference_update({call.key} if call.key else ())

    async def _answer(self, request: Request, call: Call, fault: Fault | None) -> Response:
        match fault.kind if fault else None:
            case "status_429":
                refusal = RateLimited("Too many requests hit the API too quickly.", code="rate_limit")
                return await self._refused(call, refusal)
            case "refuse":
                await self._log_cut(call)
                return await _cut(request)
            case "hang":
                await self._log_cut(call)
                await _wait_until_gone(request)
                return await _cut(request)
            case "slow":
                await asyncio.sleep(fault.seconds if fault else 0)
            case _:
                pass
        reply = await self._database.run(lambda store: carry_out(store, call, self._clock, self._origin))
        self._after()
        return await _cut(request) if call.fault == "lose_answer" else _response(reply)

    async def _refused(self, call: Call, refusal: StripeError) -> Response:
        reply = error_reply(refusal, call)
        await self._database.run(lambda store: log(store, call, reply.status, time.time()))
        return _response(reply)

    async def _log_cut(self, call: Call) -> None:
        await self._database.run(lambda store: log(store, call, None, time.time()))


async def _read_params(request: Request, call: Call) -> None:
    body = await request.body()
    if len(body) > _MAX_BODY:
        raise InvalidParameter("The request is too large.")
    if call.key and len(call.key) > _MAX_KEY:
        raise InvalidParameter(f"The idempotency key may have at most {_MAX_KEY} characters.")
    encoded = "&".join(filter(None, (request.url.query, body.decode("utf-8", "replace"))))
    call.sent = forms.pairs(encoded)
    call.params = forms.nest(call.sent)


def _check_key(request: Request) -> None:
    """Raises: Unauthorized unless the request carries our key, as a bearer or as the user of Basic."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            credentials = base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (NotBase64, UnicodeDecodeError):
            credentials = ""
    if not credentials:
        raise Unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header,"
            " using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if credentials != SECRET_KEY:
        raise Unauthorized(f"Invalid API Key provided: {credentials[:8]}{'*' * 12}{credentials[-4:]}")


def _in_use(key: str) -> IdempotencyInUse:
    return IdempotencyInUse(
        "There is currently another in-progress request using this Stripe Idempotency Key (that probably"
        " means you submitted twice, and the other request is still going through):"
        f" {key}. Please try again later.",
        code="idempotency_key_in_use",
    )


def _response(reply: Reply) -> Response:
    headers = {"Request-Id": reply.request_id, "Stripe-Version": API_VERSION}
    if reply.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(reply.body, reply.status, headers, "application/json")


async def _wait_until_gone(request: Request) -> None:
    """Wait until the caller has given up."""
    deadline = asyncio.get_running_loop().time() + _HANG_FOR
    while asyncio.get_running_loop().time() < deadline and not await request.is_disconnected():  # noqa: ASYNC110
        await asyncio.sleep(0.05)  # the server tells of a disconnect only when asked


async def _cut(request: Request) -> Response:
    """Close the connection without an answer; where the server cannot, say so with a 599."""
    cut: Callable[[], None] | None = request.scope.get("sandbox.cut")
    if cut is None:
        return JSONResponse({"error": {"message": "This server can't cut connections."}}, 599)
    cut()
    await _wait_until_gone(request)
    return Response(status_code=204)
