"""Conversations of Slack's Python SDK with the sandbox. Run with `python -m unittest`; see workspace.py."""

import unittest
from http.client import RemoteDisconnected

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler

from workspace import TOKENS, Conversation, control


class Authentication(Conversation):
    def test_a_token_says_who_it_is(self):
        bot = self.client().auth_test()
        self.assertEqual((bot["team"], bot["user"], bot["bot_id"][0]), ("Larum Sandbox", "larum", "B"))
        self.assertIn("chat:write", bot.headers["x-oauth-scopes"].split(","))
        user = self.client(TOKENS["user"]).auth_test()
        self.assertEqual((user["user"], user.get("bot_id")), ("olivia", None))
        for name, call in self.calls().items():
            self.assertEqual(call("auth.test")["user_id"], bot["user_id"], name)

    def test_a_bad_token_is_told_why(self):
        self.assertEqual(self.refused(self.client("xoxb-wrong").auth_test)["error"], "invalid_auth")
        self.assertEqual(self.refused(self.client(None).auth_test)["error"], "not_authed")
        for state, error in [("revoked", "token_revoked"), ("inactive", "account_inactive"), ("expired", "token_expired")]:
            control("PATCH", "tokens/bot", {"state": state})
            for call in self.calls().values():
                self.assertEqual(self.refused(call, "auth.test")["error"], error)

    def test_a_missing_scope_is_named(self):
        control("PATCH", "tokens/bot", {"scopes": ["channels:read"]})
        for call in self.calls().values():
            refused = self.refused(call, "chat.postMessage", channel="alerts", text="a")
            self.assertEqual((refused["error"], refused["needed"], refused["provided"]),
                             ("missing_scope", "chat:write", "channels:read"))
            self.assertEqual(refused.headers["x-accepted-oauth-scopes"], "chat:write")

    def test_api_test_echoes(self):
        for call in self.calls().values():
            self.assertEqual(call("api.test", foo="bar")["args"], {"foo": "bar"})
            self.assertEqual(self.refused(call, "api.test", error="my_error")["error"], "my_error")

    def test_an_unknown_method_is_named_so(self):
        for call in self.calls().values():
            self.assertEqual(self.refused(call, "chat.shout", text="a")["error"], "unknown_method")


class Channels(Conversation):
    def test_channels_come_in_pages(self):
        names = []
        for page in self.client().conversations_list(types="public_channel,private_channel", limit=2):
            names += [channel["name"] for channel in page["channels"]]
        self.assertIn("oncall-private", names)
        self.assertNotIn("leadership-private", names)
        self.assertIn("old-alerts", names)
        without = self.client().conversations_list(exclude_archived=True)
        self.assertNotIn("old-alerts", [channel["name"] for channel in without["channels"]])

    def test_info_takes_ids_in_a_form(self):
        calls = self.calls()
        info = calls["form"]("conversations.info", channel=self.channels["random"])
        self.assertEqual((info["channel"]["name"], info["channel"]["is_member"]), ("random", False))
        hidden = self.channels["leadership-private"]
        self.assertEqual(self.refused(calls["form"], "conversations.info", channel=hidden)["error"], "channel_not_found")
        self.assertEqual(self.refused(calls["json"], "conversations.info", channel=hidden)["error"], "invalid_arguments")

    def test_joining(self):
        for call in self.calls().values():
            control("PATCH", "channels/random", {"bot_is_member": False})
            self.assertTrue(call("conversations.join", channel=self.channels["random"])["channel"]["is_member"])
            again = call("conversations.join", channel=self.channels["random"])
            self.assertEqual(again["response_metadata"]["warnings"], ["already_in_channel"])
            refused = self.refused(call, "conversations.join", channel=self.channels["old-alerts"])
            self.assertEqual(refused["error"], "is_archived")


class Posting(Conversation):
    def test_who_may_post_where(self):
        cases = {
            "alerts": None, "#alerts": None, self.channels["alerts"]: None, self.channels["oncall-private"]: None,
            "random": "not_in_channel", "old-alerts": "is_archived", "nowhere": "channel_not_found",
            "oncall-private": "channel_not_found", self.channels["leadership-private"]: "channel_not_found",
        }
        for channel, error in cases.items():
            for name, call in self.calls().items():
                with self.subTest(channel=channel, encoding=name):
                    if error is None:
                        posted = call("chat.postMessage", channel=channel, text="hello")
                        self.assertIn(posted["channel"], self.channels.values())
                        self.assertEqual(posted["message"]["text"], "hello")
                    else:
                        refused = self.refused(call, "chat.postMessage", channel=channel, text="hello")
                        self.assertEqual(refused["error"], error)

    def test_the_sdk_posts_blocks_attachments_and_metadata(self):
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*a*"}}]
        posted = self.client().chat_postMessage(
            channel="alerts", text="a", blocks=blocks, attachments=[{"color": "#ff0000", "text": "b"}],
            metadata={"event_type": "a", "event_payload": {"b": 1}}, unfurl_links=False,
        )
        self.assertEqual(posted["message"]["attachments"][0]["color"], "ff0000")
        self.assertEqual(posted["message"]["metadata"]["event_payload"], {"b": 1})
        stored = control("GET", "messages")["messages"]
        self.assertEqual([message["message"] for message in stored], [posted["message"]])

    def test_a_person_posts_without_a_badge(self):
        posted = self.client(TOKENS["user"]).chat_postMessage(channel="random", text="hello")
        self.assertNotIn("bot_id", posted["message"])

    def test_content_is_checked(self):
        long = [{"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}}]
        cases = [
            ({"text": ""}, "no_text"), ({"text": "a" * 4001}, "msg_too_long"), ({"blocks": long}, "invalid_blocks"),
            ({"text": "a", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
            ({"text": "a", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ]
        for content, error in cases:
            for name, call in self.calls().items():
                refused = self.refused(call, "chat.postMessage", channel="alerts", **content)
                self.assertEqual(refused["error"], error, name)
                if content.get("blocks") == long:
                    self.assertIn("json-pointer:/blocks/0/text/text", refused["response_metadata"]["messages"][1])
        refused = self.refused(self.client().api_call, "chat.postMessage", json={"channel": "alerts", "blocks": "["})
        self.assertEqual(refused["error"], "invalid_blocks_format")

    def test_the_same_client_msg_id_is_the_same_message(self):
        sent = {"channel": "alerts", "text": "a", "client_msg_id": "6a1f0000-0000-4000-8000-000000000001"}
        calls = self.calls()
        first, second = calls["json"]("chat.postMessage", **sent), calls["form"]("chat.postMessage", **sent)
        self.assertEqual((second["ts"], second["is_duplicate"]), (first["ts"], True))
        control("PATCH", "switches", {"deduplicate": False})
        self.assertNotEqual(calls["json"]("chat.postMessage", **sent)["ts"], first["ts"])

    def test_a_reply_stays_in_its_thread(self):
        root = self.client().chat_postMessage(channel="alerts", text="root")
        for call in self.calls().values():
            reply = call("chat.postMessage", channel="alerts", text="reply", thread_ts=root["ts"])
            self.assertEqual(reply["message"]["thread_ts"], root["ts"])


class Trouble(Conversation):
    def fault(self, kind, times=1, when="before", **more):
        control("POST", "faults", {"behaviour": {"kind": kind, **more}, "times": times, "when": when})

    def stored(self):
        return len(control("GET", "messages")["messages"])

    def test_too_fast_is_answered_429_with_retry_after(self):
        control("PATCH", "switches", {"posting_limits": True})
        with self.assertRaises(SlackApiError) as caught:
            for _ in range(20):
                self.client().chat_postMessage(channel="alerts", text="again")
        self.assertEqual(caught.exception.response.status_code, 429)
        self.assertEqual(caught.exception.response["error"], "ratelimited")
        self.assertGreaterEqual(int(caught.exception.response.headers["Retry-After"]), 1)

    def test_the_sdk_retries_what_it_knows(self):
        self.fault("rate_limited", retry_after=0)
        patient = self.client(retry_handlers=[RateLimitErrorRetryHandler(), ServerErrorRetryHandler()])
        self.assertTrue(patient.chat_postMessage(channel="alerts", text="a")["ok"])
        self.fault("server_error", status=503)
        self.assertTrue(patient.chat_postMessage(channel="alerts", text="a")["ok"])
        self.assertEqual(self.stored(), 2)

    def test_html_is_not_mistaken_for_an_answer(self):
        for kind, more, status in [("server_error", {"status": 500}, 500), ("html", {}, 200)]:
            for call in self.calls().values():
                self.fault(kind, **more)
                with self.assertRaises(SlackApiError) as caught:
                    call("chat.postMessage", channel="alerts", text="a")
                self.assertEqual(caught.exception.response.status_code, status)
                self.assertIn("non-JSON", str(caught.exception.response.data))

    def test_a_reset_after_storing_leaves_the_message(self):
        for when, stored in [("before", 0), ("after", 1)]:
            self.fault("reset", when=when)
            with self.assertRaises((ConnectionResetError, RemoteDisconnected)):
                self.client().chat_postMessage(channel="alerts", text="a")
            self.assertEqual(self.stored(), stored)

    def test_a_hang_runs_into_the_timeout(self):
        self.fault("hang", when="after")
        impatient = self.client()
        impatient.timeout = 0.2
        with self.assertRaises(TimeoutError):
            impatient.chat_postMessage(channel="alerts", text="a")
        self.assertEqual(len(control("GET", "messages?wait_ms=20000")["messages"]), 1)

    def test_slow_is_slow_and_well(self):
        self.fault("slow", milliseconds=50)
        self.assertTrue(self.client().chat_postMessage(channel="alerts", text="a")["ok"])

    def test_an_error_of_choice(self):
        for call in self.calls().values():
            self.fault("error", error="fatal_error")
            self.assertEqual(self.refused(call, "chat.postMessage", channel="alerts", text="a")["error"], "fatal_error")

    def test_requests_are_remembered(self):
        before = control("GET", "requests")["last"]
        own = "77000000-0000-4000-8000-000000000001"
        self.calls()["form"]("chat.postMessage", channel="alerts", text="a", client_msg_id=own)
        request = control("GET", f"requests?after={before}")["requests"][0]
        self.assertEqual((request["method"], request["encoding"], request["answer"]), ("chat.postMessage", "form", "ok"))
        self.assertEqual((request["channel"], request["client_msg_id"], request["token"]), ("alerts", own, "bot"))
        self.assertIn("slackclient", request["user_agent"])


if __name__ == "__main__":
    unittest.main()
