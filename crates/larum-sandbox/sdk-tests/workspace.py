"""The sandbox as Slack's Python SDK meets it: where it is, and the hand that changes it."""

import json
import os
import unittest
import urllib.request
from urllib.parse import urljoin

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

API = os.environ["LARUM_SANDBOX_API"]
TOKENS = {"bot": os.environ["LARUM_SANDBOX_BOT_TOKEN"], "user": os.environ["LARUM_SANDBOX_USER_TOKEN"]}


def control(method, path, body=None):
    """Asks the control plane and returns its answer."""
    data = None if body is None else json.dumps(body).encode()
    url = urljoin(API, f"../_sandbox/{path}")
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Conversation(unittest.TestCase):
    """A test that begins with a fresh workspace without limits on speed."""

    def setUp(self):
        control("POST", "reset", {})
        control("PATCH", "switches", {"posting_limits": False})
        self.channels = {channel["name"]: channel["id"] for channel in control("GET", "state")["channels"]}

    def client(self, token=TOKENS["bot"], **more):
        more.setdefault("retry_handlers", [])
        return WebClient(token=token, base_url=API, timeout=10, **more)

    def calls(self, token=TOKENS["bot"]):
        """The same call in both encodings. Structured arguments travel as JSON text in a form."""
        client = self.client(token)

        def as_json(method, **arguments):
            return client.api_call(method, json=arguments)

        def as_form(method, **arguments):
            text = {
                name: json.dumps(value) if isinstance(value, (list, dict)) else value
                for name, value in arguments.items()
            }
            return client.api_call(method, data=text)

        return {"json": as_json, "form": as_form}

    def refused(self, call, *arguments, **more):
        """Makes a call that must be refused, and returns the answer."""
        with self.assertRaises(SlackApiError) as caught:
            call(*arguments, **more)
        return caught.exception.response
