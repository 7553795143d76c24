"""A real OpenID Connect provider on a port of its own, which can be made to lie in the tokens that it signs."""

import json
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

with warnings.catch_warnings():
    import authlib.deprecate  # noqa: F401  (its import turns its own warnings on)

    warnings.simplefilter("ignore")  # the provider uses modules of Authlib that are deprecated
    from oidc_provider_mock import User, init_app

__all__ = ["Lie", "Provider", "User", "running"]

Lie = Callable[[dict[str, Any]], None]


@dataclass
class Provider:
    """Where the provider listens; ``lie`` changes the claims of its ID tokens, ``forge`` makes them."""

    issuer: str = ""
    lie: Lie | None = None
    forge: Callable[[dict[str, Any], RSAKey], str] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def allow(self, address: str, subject: str) -> str:
        """What a person does there: signs in and allows; gives the address that the browser is sent back to."""
        answer = httpx.post(address, data={"sub": subject}, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def deny(self, address: str) -> str:
        return httpx.post(address, data={"action": "deny"}, follow_redirects=False).headers["location"]


@contextmanager
def running(people: Sequence[User]) -> Iterator[Provider]:
    """The provider with its people, as long as the block lasts."""
    provider = Provider()
    app = flask.Flask("oidc_provider_mock")
    app.secret_key = "only for the provider of the tests"
    init_app(app, user_claims=people, require_nonce=True)

    @app.after_request
    def change(response: flask.Response) -> flask.Response:
        if flask.request.path == "/.well-known/openid-configuration":
            response.set_data(json.dumps({**response.get_json(), **provider.metadata}))
        if flask.request.path == "/oauth2/authorize":
            provider.asked.append(flask.request.args.to_dict())
        if flask.request.path == "/oauth2/token" and response.status_code == 200 and (provider.lie or provider.forge):
            tokens = response.get_json()
            # with the private part, by place: the provider's versions for 3.11 and for 3.12 on name it differently
            own = RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(True))
            token = jwt.decode(tokens["id_token"], own)
            if provider.lie:
                provider.lie(token.claims)
            made = provider.forge(token.claims, own) if provider.forge else jwt.encode(token.header, token.claims, own)
            tokens["id_token"] = made
            response.set_data(json.dumps(tokens))
        return response

    server = make_server("127.0.0.1", 0, app.wsgi_app, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
