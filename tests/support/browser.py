# SPDX-License-Identifier: Apache-2.0
"""A real browser, driven over its debugging pipe: no package and no port is needed. It reaches nothing but this machine."""
import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-pipe"]
KEYS = {"Tab": 9, "Enter": 13, "Delete": 46, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39}
TEXTS = {"Enter": "\r", " ": " "}


WIDE, NARROW = (1280, 900), (390, 844)  # a screen on a desk, a phone


class Failure(AssertionError):
    """The browser did not do or show what was asked for."""


class Browser:
    """One browser process; `with browser.page(width, height) as page:` is a tab in a profile of its own."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="tidemill-browser-", ignore_cleanup_errors=True)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # The browser expects the pipe's ends as 3 and 4; above them they cannot meet each other.
        ends = [os.dup(end) if end < 10 else end for end in (to_browser, from_browser)]
        line = f'exec "$0" "$@" 3<&{ends[0]} 4>&{ends[1]}'
        self._process = subprocess.Popen(
            ["bash", "-c", line, CHROMIUM, *FLAGS, f"--user-data-dir={self._folder.name}", "about:blank"],
            pass_fds=ends, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in {to_browser, from_browser, *ends}:
            os.close(end)
        self._last, self._buffer, self.events = 0, b"", []
        try:
            self.call("Browser.getVersion", seconds=60)
        except (Failure, OSError) as failure:
            self.close()
            raise Failure(f"no browser: {failure}") from failure

    def _next(self, deadline):
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], max(0, deadline - time.monotonic()))[0]:
                raise Failure("the browser does not answer")
            more = os.read(self._read, 1 << 20)
            if not more:
                raise Failure("the browser has ended")
            self._buffer += more
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, seconds=30, **parameters):
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + seconds
        while (answer := self._next(deadline)).get("id") != self._last:
            self.events.append(answer)
        if "error" in answer:
            raise Failure(f"{method}: {answer['error']['message']}")
        return answer["result"]

    @contextlib.contextmanager
    def page(self, width, height, dark=False):
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        try:
            yield page
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=context)

    def close(self):
        with contextlib.suppress(Failure, OSError):
            self.call("Browser.close", seconds=5)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        os.close(self._write)
        self._folder.cleanup()


class Page:
    def __init__(self, browser, session):
        self._browser, self._session = browser, session

    def call(self, method, **parameters):
        return self._browser.call(method, self._session, **parameters)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            raise Failure(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, condition, seconds=15):
        """Waits until an expression is true, and gives its value."""
        deadline = time.monotonic() + seconds
        while not (value := self.evaluate(condition)):
            if time.monotonic() > deadline:
                raise Failure(f"never true: {condition}\n{self.evaluate('document.body && document.body.innerText')}")
            time.sleep(0.03)
        return value

    def open(self, address):
        """Opens an address and waits until nothing on it is busy."""
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address)
        self.until(f"location.href !== 'about:blank' && document.readyState === 'complete' && {address[:20]!r} === location.href.slice(0, 20)")
        self.settled()

    def open_with_password(self, address, user, password, condition, seconds=20):
        """Opens an address as somebody who is asked for a password and gives it, until `condition`; how often that was."""
        self.call("Fetch.enable", handleAuthRequests=True, patterns=[{"urlPattern": "*/api/*"}])
        asked, seen, deadline = 0, len(self._browser.events), time.monotonic() + seconds
        self.call("Page.navigate", url=address)
        while not self.evaluate(condition):
            if time.monotonic() > deadline:
                raise Failure(f"never true: {condition}")
            fresh, seen = self._browser.events[seen:], len(self._browser.events)
            for event in (one for one in fresh if one.get("sessionId") == self._session):
                if event["method"] == "Fetch.requestPaused":
                    self.call("Fetch.continueRequest", requestId=event["params"]["requestId"])
                elif event["method"] == "Fetch.authRequired":
                    asked += 1
                    self.call("Fetch.continueWithAuth", requestId=event["params"]["requestId"],
                              authChallengeResponse={"response": "ProvideCredentials", "username": user, "password": password})
            time.sleep(0.03)
        return asked

    def settled(self):
        """Twice, a moment apart: between two answers nothing is busy either."""
        quiet = ("!document.querySelector('[aria-busy=true]') && !document.querySelector('#loading:not([hidden])')"
                 " && ![...document.querySelectorAll('.state')].some((own) => own.offsetParent && own.textContent.startsWith('Loading'))")
        self.until(quiet)
        self.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))")
        self.until(quiet)

    def text(self, selector="body"):
        return self.evaluate(f"document.querySelector({selector!r})?.innerText ?? ''")

    def texts(self, selector):
        return self.evaluate(f"[...document.querySelectorAll({selector!r})].map((own) => own.textContent.trim())")

    def address(self):
        return self.evaluate("location.href")

    def click(self, selector):
        if not self.evaluate(f"(() => {{ const own = document.querySelector({selector!r}); own?.click(); return !!own; }})()"):
            raise Failure(f"nothing to click: {selector}")
        self.settled()

    def press(self, key):
        code = KEYS.get(key, ord(key.upper()) if len(key) == 1 else 0)
        text = TEXTS.get(key, key if len(key) == 1 else "")
        names = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **names)
        self.call("Input.dispatchKeyEvent", type="keyUp", **names)

    def type(self, text):
        self.call("Input.insertText", text=text)
        self.settled()

    def back(self):
        self.evaluate("history.back()")
        self.settled()

    def complaints(self):
        """What the browser complained of in this page: exceptions, errors of the console, what was refused or not there."""
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                found.append(event["params"]["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                found.append(f"{event['params']['entry']['text']} {event['params']['entry'].get('url', '')}")
            elif event["method"] == "Runtime.consoleAPICalled" and event["params"]["type"] == "error":
                found.append(str(event["params"]["args"][0].get("description", event["params"]["args"][0].get("value"))))
        return found

    def picture(self, path, whole=True):
        """A PNG of what is seen."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
