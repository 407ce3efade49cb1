// Conversations of Slack's Node SDK with the sandbox. It always sends forms and keeps its connections.
// Where its packages are is said by LARUM_TEST_NODE_MODULES, where the sandbox is by LARUM_SANDBOX_*.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { beforeEach, describe, test } from "node:test";

const require = createRequire(path.join(process.env.LARUM_TEST_NODE_MODULES, "anywhere.js"));
const { ErrorCode, LogLevel, WebClient } = require("@slack/web-api");

const api = process.env.LARUM_SANDBOX_API;
const botToken = process.env.LARUM_SANDBOX_BOT_TOKEN;
const userToken = process.env.LARUM_SANDBOX_USER_TOKEN;

async function control(method, where, body) {
  const init = { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) };
  const response = await fetch(new URL(`../_sandbox/${where}`, api), init);
  assert.ok(response.ok, await response.clone().text());
  return response.json();
}

const client = (token = botToken, more = {}) =>
  new WebClient(token, { slackApiUrl: api, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR, ...more });
const fault = (kind, more = {}, when = "before") =>
  control("POST", "faults", { behaviour: { kind, ...more }, times: 1, when });
const stored = async () => (await control("GET", "messages")).messages;
const refused = (promise, error) => assert.rejects(promise, (failure) => failure.data?.error === error);

let channels;
beforeEach(async () => {
  await control("POST", "reset", {});
  await control("PATCH", "switches", { posting_limits: false });
  const state = await control("GET", "state");
  channels = Object.fromEntries(state.channels.map((channel) => [channel.name, channel.id]));
});

describe("authentication", () => {
  test("a token says who it is and what it may", async () => {
    const bot = await client().auth.test();
    assert.deepEqual([bot.team, bot.user, bot.bot_id[0]], ["Larum Sandbox", "larum", "B"]);
    assert.ok(bot.response_metadata.scopes.includes("chat:write"));
    const user = await client(userToken).auth.test();
    assert.deepEqual([user.user, user.bot_id], ["olivia", undefined]);
  });

  test("a bad token is told why", async () => {
    await refused(client("xoxb-wrong").auth.test(), "invalid_auth");
    await refused(client(null).auth.test(), "not_authed");
    for (const [state, error] of [["revoked", "token_revoked"], ["inactive", "account_inactive"], ["expired", "token_expired"]]) {
      await control("PATCH", "tokens/bot", { state });
      await refused(client().auth.test(), error);
    }
  });

  test("a missing scope is named", async () => {
    await control("PATCH", "tokens/bot", { scopes: ["channels:read"] });
    await assert.rejects(client().chat.postMessage({ channel: "alerts", text: "a" }), ({ data }) => {
      assert.deepEqual([data.error, data.needed, data.provided], ["missing_scope", "chat:write", "channels:read"]);
      assert.deepEqual(data.response_metadata.acceptedScopes, ["chat:write"]);
      return true;
    });
  });

  test("api.test echoes, and unknown methods are named so", async () => {
    assert.equal((await client().api.test({ foo: "bar" })).args.foo, "bar");
    await refused(client().api.test({ error: "my_error" }), "my_error");
    await refused(client().apiCall("chat.shout"), "unknown_method");
  });
});

describe("channels", () => {
  test("they come in pages", async () => {
    const names = [];
    const pages = client().paginate("conversations.list", { types: "public_channel,private_channel", limit: 2 });
    for await (const page of pages) names.push(...page.channels.map((channel) => channel.name));
    assert.ok(names.includes("oncall-private") && names.includes("old-alerts"));
    assert.ok(!names.includes("leadership-private"));
    const open = await client().conversations.list({ exclude_archived: true });
    assert.ok(!open.channels.some((channel) => channel.name === "old-alerts"));
  });

  test("one is looked up by its id", async () => {
    const { channel } = await client().conversations.info({ channel: channels.random });
    assert.deepEqual([channel.name, channel.is_member], ["random", false]);
    await refused(client().conversations.info({ channel: channels["leadership-private"] }), "channel_not_found");
  });

  test("a public one can be joined", async () => {
    assert.ok((await client().conversations.join({ channel: channels.random })).channel.is_member);
    const again = await client().conversations.join({ channel: channels.random });
    assert.deepEqual(again.response_metadata.warnings, ["already_in_channel"]);
    await refused(client().conversations.join({ channel: channels["old-alerts"] }), "is_archived");
  });
});

describe("posting", () => {
  test("who may post where", async () => {
    for (const channel of ["alerts", "#alerts", channels.alerts, channels["oncall-private"]]) {
      assert.equal((await client().chat.postMessage({ channel, text: "hello" })).message.text, "hello");
    }
    const cases = {
      random: "not_in_channel", "old-alerts": "is_archived", nowhere: "channel_not_found",
      "oncall-private": "channel_not_found", [channels["leadership-private"]]: "channel_not_found",
    };
    for (const [channel, error] of Object.entries(cases)) {
      await refused(client().chat.postMessage({ channel, text: "hello" }), error);
    }
  });

  test("blocks, attachments and metadata arrive", async () => {
    const posted = await client().chat.postMessage({
      channel: "alerts", text: "a", unfurl_links: false,
      blocks: [{ type: "section", text: { type: "mrkdwn", text: "*a*" } }],
      attachments: [{ color: "#ff0000", text: "b" }],
      metadata: { event_type: "a", event_payload: { b: 1 } },
    });
    assert.equal(posted.message.attachments[0].color, "ff0000");
    assert.deepEqual((await stored()).map(({ message }) => message), [posted.message]);
  });

  test("a person posts without a badge", async () => {
    const posted = await client(userToken).chat.postMessage({ channel: "random", text: "hello" });
    assert.equal(posted.message.bot_id, undefined);
  });

  test("content is checked", async () => {
    const post = (content) => client().chat.postMessage({ channel: "alerts", ...content });
    await refused(post({ text: "" }), "no_text");
    await refused(post({ text: "a".repeat(4001) }), "msg_too_long");
    await refused(post({ text: "a", blocks: Array(51).fill({ type: "divider" }) }), "invalid_blocks");
    await refused(post({ text: "a", attachments: Array(101).fill({ text: "a" }) }), "too_many_attachments");
    const long = [{ type: "section", text: { type: "mrkdwn", text: "a".repeat(3001) } }];
    await assert.rejects(post({ text: "a", blocks: long }), ({ data }) =>
      data.response_metadata.messages.some((line) => line.includes("json-pointer:/blocks/0/text/text")));
  });

  test("the same client_msg_id is the same message", async () => {
    const post = () => client().apiCall("chat.postMessage", { channel: "alerts", text: "a", client_msg_id: "6a1f0000-0000-4000-8000-000000000001" });
    const [first, second] = [await post(), await post()];
    assert.deepEqual([second.ts, second.is_duplicate], [first.ts, true]);
    await control("PATCH", "switches", { deduplicate: false });
    assert.notEqual((await post()).ts, first.ts);
  });

  test("a reply stays in its thread", async () => {
    const root = await client().chat.postMessage({ channel: "alerts", text: "root" });
    const reply = await client().chat.postMessage({ channel: "alerts", text: "reply", thread_ts: root.ts });
    assert.equal(reply.message.thread_ts, root.ts);
  });
});

describe("trouble", () => {
  const post = (more) => client(botToken, more).chat.postMessage({ channel: "alerts", text: "a" });
  const code = (wanted) => (failure) => failure.code === wanted;

  test("429 carries its Retry-After", async () => {
    await fault("rate_limited", { retry_after: 7 });
    await assert.rejects(post({ rejectRateLimitedCalls: true }), (failure) =>
      failure.code === ErrorCode.RateLimitedError && failure.retryAfter === 7);
  });

  test("the SDK waits out a 429 and tries again", async () => {
    await fault("rate_limited", { retry_after: 1 });
    assert.ok((await post({ retryConfig: { retries: 1 } })).ok);
    assert.equal((await stored()).length, 1);
  });

  test("a server error is no answer", async () => {
    await fault("server_error", { status: 503 });
    await assert.rejects(post(), (failure) => failure.code === ErrorCode.HTTPError && failure.statusCode === 503);
  });

  test("a page of HTML is no answer", async () => {
    await fault("html");
    await assert.rejects(post());
    assert.equal((await stored()).length, 0);
  });

  test("a reset after storing leaves the message", async () => {
    for (const [when, count] of [["before", 0], ["after", 1]]) {
      await fault("reset", {}, when);
      await assert.rejects(post(), code(ErrorCode.RequestError));
      assert.equal((await stored()).length, count);
    }
  });

  test("a hang runs into the timeout", async () => {
    await fault("hang", {}, "after");
    await assert.rejects(post({ timeout: 200 }), code(ErrorCode.RequestError));
    assert.equal((await control("GET", "messages?wait_ms=20000")).messages.length, 1);
  });

  test("slow is slow and well", async () => {
    await fault("slow", { milliseconds: 50 });
    assert.ok((await post()).ok);
  });

  test("an error of choice", async () => {
    await fault("error", { error: "fatal_error" });
    await refused(post(), "fatal_error");
  });

  test("requests are remembered", async () => {
    const { last } = await control("GET", "requests");
    await post();
    const [request] = (await control("GET", `requests?after=${last}`)).requests;
    assert.deepEqual([request.method, request.encoding, request.answer], ["chat.postMessage", "form", "ok"]);
  });
});
