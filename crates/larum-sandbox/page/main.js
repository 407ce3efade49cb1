// The page: reads the workspace, follows its changes, and redraws what changed.

import { wanted } from "./address.js";
import * as control from "./control.js";
import { element } from "./dom.js";
import { dayOf } from "./date.js";
import { message } from "./message.js";
import { names } from "./mrkdwn.js";
import * as panels from "./panels.js";

// Messages of a channel on show; older ones are dropped from the page, not from the sandbox.
const SHOWN = 300;

const place = (id) => document.getElementById(id);
const page = { state: null, channel: null, lastSeq: 0, stateSeen: -1, unread: new Map(), busy: false, again: false };

names.channel = (id) => page.state?.channels.find((channel) => channel.id === id)?.name;
names.user = (id) => [page.state?.owner, page.state?.bot].find((user) => user?.id === id)?.name;

/** Does something through the control plane and says when it could not be done. */
async function act(promise) {
  try {
    await promise;
  } catch (error) {
    place("notices").prepend(element("p", { class: "notice" }, error.message));
  }
}

/** The channel in the address, or #alerts, or the first. */
function chosen(state) {
  const { channel } = wanted(location.pathname, location.hash);
  const named = (word) => state.channels.find(({ id, name }) => word === id || word === name);
  return named(channel) ?? named("alerts") ?? state.channels[0];
}

function drawAround() {
  const { state, channel } = page;
  document.title = `#${channel.name} · ${state.team.name}`;
  place("team").textContent = state.team.name;
  place("name").textContent = `${channel.is_private ? "🔒" : "#"} ${channel.name}`;
  place("purpose").textContent = channel.purpose;
  place("channels").replaceChildren(...panels.channels(state, channel, page.unread, closeMenu));
  place("tokens").replaceChildren(...panels.tokens(state, act));
  place("controls").replaceChildren(...panels.controls(channel, act));
  place("notices").replaceChildren(...panels.notices(state, channel, act));
  clearTimeout(page.timer);
  const ends = state.faults.map((fault) => fault.until).filter(Boolean);
  if (ends.length) page.timer = setTimeout(() => refresh(true), Math.max(250, Math.min(...ends) / 1000 - Date.now() + 250));
}

/** Draws the messages of the channel anew. */
async function drawChannel() {
  const { channel, state } = page;
  const { messages } = await control.readNewest(channel.id, SHOWN);
  if (page.channel !== channel) return;
  place("log").replaceChildren();
  append(messages);
  if (!messages.length) place("log").replaceChildren(panels.empty(state, channel));
  place("log").scrollTop = place("log").scrollHeight;
  pointOut(wanted(location.pathname, location.hash).ts);
}

/** Brings the message into sight that the address names, and says so when it is gone. */
function pointOut(ts) {
  if (ts === null) return;
  const linked = place("log").querySelector(`[data-ts="${ts}"]`);
  linked?.classList.add("linked");
  linked?.scrollIntoView({ block: "center" });
  if (!linked) place("notices").prepend(element("p", { class: "notice" }, "The message of this link is not here any more."));
}

/** Adds messages below the others, under a heading for each day, and keeps the newest in sight. */
function append(messages) {
  const log = place("log");
  const follow = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  for (const posted of messages) {
    if (log.querySelector(`[data-seq="${posted.seq}"]`)) continue;
    log.querySelector(".empty")?.remove();
    const day = dayOf(posted.message.ts);
    if (log.dataset.day !== day || !log.querySelector(".message")) log.append(element("h3", { class: "day" }, day));
    log.dataset.day = day;
    log.append(message(posted, page.state));
  }
  while (log.querySelectorAll(".message").length > SHOWN) log.querySelector(".message").remove();
  if (follow) log.scrollTop = log.scrollHeight;
}

/** Reads what changed. Changes that come meanwhile are read right after. */
async function refresh(stateChanged) {
  page.again ||= page.busy;
  page.stateChanged ||= stateChanged;
  if (page.busy) return;
  page.busy = true;
  try {
    do {
      page.again = false;
      await readChanges();
    } while (page.again);
    say("live");
  } catch {
    say("not reachable");
  } finally {
    page.busy = false;
  }
}

async function readChanges() {
  if (page.stateChanged || !page.state) {
    page.stateChanged = false;
    const state = await control.readState();
    if (page.state === null) page.lastSeq = state.last_seq;
    const before = page.channel;
    const isEdited = state.edits !== page.state?.edits;
    page.state = state;
    page.channel = chosen(state);
    for (const { id, messages } of state.channels) if (messages === 0) page.unread.delete(id);
    drawAround();
    const isSame = page.channel.id === before?.id && page.channel.messages >= before.messages && !isEdited;
    if (!isSame) await drawChannel();
  }
  const { messages, last } = await control.readAfter(page.lastSeq, SHOWN);
  page.lastSeq = Math.max(page.lastSeq, last);
  append(messages.filter((posted) => posted.channel === page.channel.id));
  const elsewhere = messages.filter((posted) => posted.channel !== page.channel.id);
  for (const { channel } of elsewhere) page.unread.set(channel, (page.unread.get(channel) ?? 0) + 1);
  if (elsewhere.length) drawAround();
}

async function choose() {
  if (!page.state) return;
  page.channel = chosen(page.state);
  page.unread.delete(page.channel.id);
  drawAround();
  await act(drawChannel());
}

function say(words) {
  place("live").textContent = words;
  place("live").dataset.state = words;
}

function closeMenu() {
  document.body.classList.remove("menu-open");
  place("menu").setAttribute("aria-expanded", "false");
}

place("menu").addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("menu-open");
  place("menu").setAttribute("aria-expanded", String(isOpen));
});
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenu());
window.addEventListener("hashchange", choose);

const events = new EventSource("/_sandbox/events");
events.addEventListener("change", (event) => {
  const { last_seq: lastSeq, state } = JSON.parse(event.data);
  const stateChanged = state !== page.stateSeen;
  page.stateSeen = state;
  if (stateChanged || lastSeq > page.lastSeq || place("live").dataset.state !== "live") refresh(stateChanged);
});
events.addEventListener("error", () => say("not reachable"));
