"""微信's and 企业微信's calls: an access token is fetched once, kept until it ends, renewed when refused."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from yishi.conversations.port import PluginError
from yishi.plugins.common.reading import load_json

T = TypeVar("T")

API_URL = "https://api.weixin.qq.com"
WECOM_URL = "https://qyapi.weixin.qq.com"
TIMEOUT_S = 4.0
MOST_BYTES = 20 * 1024 * 1024

# the token is over, was never right, or somebody else fetched a newer one
RENEW = {40001, 40014, 42001}
# id or secret are wrong, the account is not allowed to, the day's calls are used up
SETTINGS_WRONG = {40013, 40125, 40164, 41002, 41004, 48001, 48004, 50002, 60020}

# per process: (address, app) → token and when it ends; monotonic, for it only counts seconds
_tokens: dict[tuple[str, str], tuple[str, float]] = {}


class Refused(PluginError):
    """The API answered an errcode other than 0."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}"[:200], permanent=code in SETTINGS_WRONG)
        self.code = code


class WeChatApi:
    """One account's calls over one HTTP client. Addresses carry the token: no error of ours repeats one."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._id, self._secret = settings.get("app_id", ""), settings.get("app_secret", "")
        self._base = (settings.get("api_url") or API_URL).rstrip("/")
        self._client = httpx.Client(
            timeout=TIMEOUT_S, trust_env=False, headers={"Accept-Encoding": "identity"}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def call(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a call; with a new token once where the old one is refused. Raises Refused,
        PluginError."""
        return self._with_token(lambda token: self._post(f"{path}?access_token={token}", said))

    def media(self, reference: str) -> tuple[str, bytes]:
        """Type and content of a file that a person sent. Raises Refused, PluginError."""

        def fetch(token: str) -> tuple[str, bytes]:
            where = httpx.QueryParams({"access_token": token, "media_id": reference})
            kind, body = self._get(f"/cgi-bin/media/get?{where}")
            if kind in ("application/json", "text/plain"):
                _checked(body)
            return kind, body

        return self._with_token(fetch)

    def _with_token(self, call: Callable[[str], T]) -> T:
        try:
            return call(self._token())
        except Refused as refused:
            if refused.code not in RENEW:
                raise
        return call(self._token(is_new=True))

    def _token(self, *, is_new: bool = False) -> str:
        known = _tokens.get((self._base, self._id))
        if known is not None and not is_new and known[1] > time.monotonic():
            return known[0]
        said = self._ask_token(is_forced=is_new and known is not None)
        token, lasts = str(said.get("access_token", "")), int(said.get("expires_in") or 0)
        # a little early: it must not end on its way
        _tokens[self._base, self._id] = (token, time.monotonic() + max(0, lasts - 300))
        return token

    def _ask_token(self, *, is_forced: bool) -> dict[str, Any]:
        asked = {
            "grant_type": "client_credential",
            "appid": self._id,
            "secret": self._secret,
            "force_refresh": is_forced,
        }
        return self._post("/cgi-bin/stable_token", asked)

    def _post(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = self._client.post(f"{self._base}{path}", json=said)
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            raise PluginError(f"not reached: {type(broken).__name__}", permanent=False) from None
        if not answer.is_success:
            raise PluginError(f"answered {answer.status_code}", permanent=False)
        return _checked(answer.content)

    def _get(self, path: str) -> tuple[str, bytes]:
        try:
            with self._client.stream("GET", f"{self._base}{path}") as answer:
                if not answer.is_success:
                    raise PluginError(f"answered {answer.status_code}", permanent=False)
                body = bytearray()
                for chunk in answer.iter_raw():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise PluginError("the file is too large", permanent=True)
                return answer.headers.get("content-type", "").partition(";")[0].strip(), bytes(body)
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            raise PluginError(f"not reached: {type(broken).__name__}", permanent=False) from None


class WeComApi(WeChatApi):
    """企业微信's: one company's app; each app has a token of its own."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        base = settings.get("api_url") or WECOM_URL
        self._corp = settings.get("corp_id", "")
        app = f"{self._corp} {settings.get('agent_id', '')}"
        super().__init__({"app_id": app, "app_secret": settings.get("app_secret", ""), "api_url": base})

    def _ask_token(self, *, is_forced: bool) -> dict[str, Any]:
        where = httpx.QueryParams({"corpid": self._corp, "corpsecret": self._secret})
        return _checked(self._get(f"/cgi-bin/gettoken?{where}")[1])


def _checked(body: bytes) -> dict[str, Any]:
    said = load_json(body)
    if not isinstance(said, dict):
        raise PluginError("the answer is no object", permanent=False)
    code = said.get("errcode") or 0
    if code:
        raise Refused(int(code), str(said.get("errmsg", "")))
    return said
