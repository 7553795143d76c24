"""Sign-in at an OpenID Connect provider: authorization code with PKCE, state and nonce, the ID token checked.

OpenID Connect Core 1.0, section 3.1; Discovery 1.0; RFC 7636 (S256 only); RFC 9207 (``iss`` in the answer, where sent).
Authlib and joserfc hold the rules of tokens, this module only asks and compares.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from tracker.errors import ForbiddenError, TrackerError
from tracker.settings import Settings

TIMEOUT_SECONDS = 8
LEEWAY_SECONDS = 60
SCOPE = "openid email profile"
#: signatures that only the provider can make; never ``none``, never one with the client's own secret
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")


class ProviderError(TrackerError):
    """The provider did not answer, or not as the standard says."""

    http_status = 502


@dataclass(frozen=True, slots=True)
class Asked:
    """What this sign-in was begun with; kept in the browser's signed cookie until the person comes back, and once."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says has signed in; ``email`` only where the provider has verified it."""

    issuer: str
    subject: str
    email: str | None


def begin(settings: Settings) -> tuple[str, Asked]:
    """The provider's address to lead the browser to, and what to remember; ProviderError where it does not answer."""
    provider = discover(settings)
    asked = Asked(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    address = prepare_grant_uri(
        provider["authorization_endpoint"],
        client_id=settings.oidc_client_id,
        response_type="code",
        redirect_uri=return_address(settings),
        scope=SCOPE,
        state=asked.state,
        nonce=asked.nonce,
        code_challenge=create_s256_code_challenge(asked.verifier),
        code_challenge_method="S256",
    )
    return cast(str, address), asked


def finish(settings: Settings, asked: Asked, answer: Mapping[str, str], at: datetime) -> Identity:
    """Who came back with this answer.

    ForbiddenError where the answer is not to what was asked, was refused or is forged; ProviderError where the provider
    does not answer.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise _refused()
    if "error" in answer or not answer.get("code"):
        raise _refused()
    provider = discover(settings)
    if answer.get("iss", provider["issuer"]) != provider["issuer"]:
        raise _refused()
    tokens = _tokens(settings, provider, answer["code"], asked.verifier)
    claims = _claims(settings, provider, tokens, asked.nonce, at)
    if "email" not in claims and "userinfo_endpoint" in provider:
        claims = _with_userinfo(provider, tokens, claims)
    email = claims.get("email")
    verified = claims.get("email_verified") is True and isinstance(email, str)
    return Identity(provider["issuer"], str(claims["sub"]), email if verified else None)


def discover(settings: Settings) -> dict[str, Any]:
    """The provider's description of itself, which must name the issuer that the settings name."""
    issuer = settings.oidc_issuer or ""
    found = _json(lambda: httpx.get(get_well_known_url(issuer, external=True), timeout=TIMEOUT_SECONDS))
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise _silent(f"it calls itself {found.get('issuer')!r}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not str(found.get(name, "")).startswith(("https://", "http://" if issuer.startswith("http:") else "https:")):
            raise _silent(f"its {name} is missing or not https")
    return found


def return_address(settings: Settings) -> str:
    """Where the provider sends people back to: what its operator must enter there."""
    return f"{settings.base_url}/sign-in/oidc/back"


def _tokens(settings: Settings, provider: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
    client, secret = settings.oidc_client_id or "", settings.oidc_client_secret
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_address(settings),
        "code_verifier": verifier,
        "client_id": client,
    }
    auth: tuple[str, str] | None = None
    methods = provider.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if secret is not None and "client_secret_basic" in methods:
        auth = quote(client, safe=""), quote(secret.get_secret_value(), safe="")
    elif secret is not None:
        sent["client_secret"] = secret.get_secret_value()
    found = _json(
        lambda: httpx.post(
            provider["token_endpoint"],
            data=sent,
            auth=auth,
            headers={"Accept": "application/json"},
            timeout=TIMEOUT_SECONDS,
        )
    )
    if not isinstance(found.get("id_token"), str) or not isinstance(found.get("access_token"), str):
        raise _silent("it sent no ID token")
    return found


def _claims(
    settings: Settings, provider: Mapping[str, Any], tokens: Mapping[str, Any], nonce: str, at: datetime
) -> dict[str, Any]:
    keys = _json(lambda: httpx.get(provider["jwks_uri"], timeout=TIMEOUT_SECONDS))
    offered = provider.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = [name for name in ALGORITHMS if name in offered]
    if not algorithms:  # an empty list would mean the library's own to joserfc
        raise _silent("it signs in no way that is safe")
    try:
        token = jwt.decode(
            tokens["id_token"],
            KeySet.import_key_set(cast(Any, keys)),
            registry=JWSRegistry(algorithms=algorithms, strict_check_header=False),
        )
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "values": [provider["issuer"]]},
                "aud": {"essential": True, "values": [settings.oidc_client_id]},
            },
            {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": tokens["access_token"]},
        )
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _refused() from error
    return dict(claims)


def _with_userinfo(provider: Mapping[str, Any], tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    found = _json(
        lambda: httpx.get(
            provider["userinfo_endpoint"],
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
            timeout=TIMEOUT_SECONDS,
        )
    )
    if found.get("sub") != claims["sub"]:
        raise _refused()
    return {**claims, "email": found.get("email"), "email_verified": found.get("email_verified")}


def _json(ask: Callable[[], httpx.Response]) -> dict[str, Any]:
    try:
        answer = ask()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _silent(type(error).__name__) from error
    if answer.status_code in (400, 401, 403):
        raise _refused()
    if answer.status_code != httpx.codes.OK or not isinstance(found, dict):
        raise _silent(f"it answered {answer.status_code}")
    return found


def _refused() -> ForbiddenError:
    return ForbiddenError(
        "The sign-in at the provider did not succeed: begin again from the sign-in page.",
        "เข้าสู่ระบบผ่านผู้ให้บริการยืนยันตัวตนไม่สำเร็จ กรุณาเริ่มใหม่จากหน้าเข้าสู่ระบบ",
    )


def _silent(why: str) -> ProviderError:
    return ProviderError(
        f"The sign-in provider does not answer as it should ({why}): try again later, or sign in with your password.",
        "ผู้ให้บริการยืนยันตัวตนไม่ตอบตามที่ควร กรุณาลองใหม่ภายหลัง หรือเข้าสู่ระบบด้วยรหัสผ่าน",
    )
