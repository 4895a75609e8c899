"""A real browser that a test sees and clicks in, through the protocol of WebDriver."""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest


LIMIT = 30.0  # seconds for one step
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of a reference, by the protocol


class Browser:
    """One window of a browser. ``url`` is that of a session of its driver."""

    def __init__(self, driver: str, command: list[str]) -> None:
        options = {"binary": command[0], "args": command[1:]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        made = _asked("POST", f"{driver}/session", {"capabilities": {"alwaysMatch": wanted}})
        self.url = f"{driver}/session/{made['sessionId']}"

    def close(self) -> None:
        self._do("DELETE", "")

    @property
    def address(self) -> str:
        return self._do("GET", "/url")

    def reaches(self, url: str, *, within: float = 20) -> bool:
        """Tell whether the browser comes to a page in time, in seconds."""
        end = time.monotonic() + within
        while self.address != url and time.monotonic() < end:
            time.sleep(0.05)
        return self.address == url

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return self._do("GET", f"/element/{self._find('body')}/text")

    @property
    def messages(self) -> list[str]:
        """What the browser complained of since the last look."""
        return [entry["message"] for entry in self._do("POST", "/se/log", {"type": "browser"})]

    def go(self, url: str) -> None:
        self._do("POST", "/url", {"url": url})

    def click(self, selector: str) -> None:
        self._do("POST", f"/element/{self._find(selector)}/click", {})

    def style(self, selector: str, name: str) -> str:
        return self._do("GET", f"/element/{self._find(selector)}/css/{name}")

    def prefer(self, scheme: str) -> None:
        """Have the light or the dark colours."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        command = {"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}}
        self._do("POST", "/goog/cdp/execute", command)

    def picture(self) -> bytes:
        """Return the page as a PNG."""
        return base64.b64decode(self._do("GET", "/screenshot"))

    def _find(self, selector: str) -> str:
        found = self._do("POST", "/element", {"using": "css selector", "value": selector})
        return found[_ELEMENT]

    def _do(self, method: str, path: str, body: object = None) -> object:
        return _asked(method, self.url + path, body)


def _asked(method: str, url: str, body: object = None) -> object:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise AssertionError(json.load(error)["value"]["message"]) from None


@pytest.fixture(scope="module")
def browser(chromium: list[str], tmp_path_factory: pytest.TempPathFactory):
    """A window of a browser, for which no name resolves but 127.0.0.1."""
    profile: Path = tmp_path_factory.mktemp("browser")
    driver = subprocess.Popen(
        ["chromedriver", "--port=0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        ready = next(line for line in driver.stdout if "started successfully on port" in line)
        port = ready.rpartition(" ")[2].strip().rstrip(".")
        own = ("--window-size=900,640", f"--user-data-dir={profile}")
        window = Browser(f"http://127.0.0.1:{port}", [*chromium, *own])
        yield window
        window.close()
    finally:
        driver.terminate()
        driver.communicate(timeout=LIMIT)
