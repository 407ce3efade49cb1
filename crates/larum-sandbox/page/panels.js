// Everything around the messages: channels, tokens, what can be made to go wrong, and what is going wrong.

import { copyButton, element } from "./dom.js";
import * as control from "./control.js";

/** The list of channels; `unread` counts the messages since each was last looked at. */
export function channels(state, current, unread, choose) {
  return state.channels.map((channel) => {
    const count = unread.get(channel.id) ?? 0;
    const marks = [
      channel.is_archived ? "archived" : null,
      channel.bot_is_member || channel.is_archived ? null : "app not invited",
    ].filter(Boolean);
    return element("li", {}, element("a", {
      href: `#${channel.name}`,
      class: count ? "unread" : "",
      "aria-current": channel.id === current?.id ? "page" : null,
      onclick: choose,
    },
    element("span", { class: "sign", "aria-hidden": true }, channel.is_private ? "🔒" : "#"),
    element("span", { class: "label" }, channel.name),
    marks.length ? element("span", { class: "mark hint" }, marks.join(", ")) : null,
    count ? element("span", { class: "count" }, count > 99 ? "99+" : count) : null));
  });
}

/** Both tokens, to copy and to revoke. */
export function tokens(state, act) {
  return state.tokens.map((token) => {
    const isActive = token.state === "active";
    const words = token.kind === "bot" ? "Bot token: posts as the app" : `User token: posts as ${state.owner.real_name}`;
    return element("div", { class: "token" },
      element("p", { class: "hint" }, words),
      element("code", { tabindex: 0, class: isActive ? "" : "revoked", title: token.token }, token.token),
      element("div", { class: "row" },
        copyButton("Copy", () => token.token),
        element("button", {
          type: "button",
          onclick: () => act(control.changeToken(token.kind, { state: isActive ? "revoked" : "active" })),
        }, isActive ? "Revoke" : "Restore"),
        isActive ? null : element("span", { class: "hint" }, token.state)));
  });
}

/** What an explorer can do to the channel on show. */
export function controls(channel, act) {
  const button = (label, action) => element("button", { type: "button", onclick: () => act(action()) }, label);
  return [
    button(channel.is_archived ? "Unarchive" : "Archive",
      () => control.changeChannel(channel.id, { is_archived: !channel.is_archived })),
    button(channel.bot_is_member ? "Remove the app" : "Invite the app",
      () => control.changeChannel(channel.id, { bot_is_member: !channel.bot_is_member })),
    button("Answer 429 for 30 s",
      () => control.inject({ behaviour: { kind: "rate_limited", retry_after: 30 }, channel: channel.id, for_seconds: 30 })),
    button("Answer 503 for 30 s",
      () => control.inject({ behaviour: { kind: "server_error", status: 503 }, channel: channel.id, for_seconds: 30 })),
    button("Clear messages", () => control.clearMessages(channel.id)),
  ];
}

const WORDS = {
  rate_limited: (it) => `answered 429, Retry-After ${it.retry_after} s`,
  server_error: (it) => `answered ${it.status}`,
  html: () => "answered with a page of HTML",
  error: (it) => `answered ${it.error}`,
  hang: () => "never answered",
  reset: () => "reset",
  slow: (it) => `answered ${it.milliseconds} ms late`,
};

/** What goes wrong at the moment. */
export function notices(state, channel, act) {
  const faults = state.faults.map((fault) => {
    const name = state.channels.find((other) => [other.id, other.name].includes(fault.channel?.replace("#", "")))?.name;
    const where = fault.channel ? ` for #${name ?? fault.channel}` : "";
    const until = fault.until ? ` until ${new Date(fault.until / 1000).toLocaleTimeString("en")}` : "";
    const left = fault.left ? `, ${fault.left} more` : "";
    const done = fault.when === "after" ? " after they did their work" : "";
    const words = `Calls${fault.method ? ` of ${fault.method}` : ""}${where} are ${WORDS[fault.behaviour.kind](fault.behaviour)}${done}${until}${left}.`;
    return element("p", { class: "notice" }, words,
      element("button", { type: "button", onclick: () => act(control.clearFault(fault.id)) }, "Stop it"));
  });
  const standing = [
    channel.is_archived ? "This channel is archived: posts are refused with is_archived." : null,
    !channel.is_archived && !channel.bot_is_member
      ? `The app is not in this channel: its posts are refused with ${channel.is_private ? "channel_not_found" : "not_in_channel"}.` : null,
  ].filter(Boolean).map((words) => element("p", { class: "notice quiet" }, words));
  return [...faults, ...standing];
}

/** What an empty channel says. */
export function empty(state, channel) {
  const token = state.tokens.find((other) => other.kind === "bot")?.token ?? "";
  const target = channel.is_private ? channel.id : channel.name;
  const command = () => `curl ${state.url}api/chat.postMessage -H 'Authorization: Bearer ${token}' -d channel=${target} -d text=hello`;
  return element("div", { class: "empty" },
    element("p", {}, `Nothing has been posted to #${channel.name} yet.`),
    element("p", { class: "hint" }, "Point your program at ", element("code", {}, `${state.url}api/`),
      " with a token from the side, or try it by hand:"),
    element("pre", {}, command().replace(token, `${token.slice(0, 8)}…`)),
    copyButton("Copy the command", command));
}
