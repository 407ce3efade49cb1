// One message: who, when, text, blocks and attachments.

import { element, link } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { blocks, picture } from "./blocks.js";
import { stamp } from "./date.js";
import { emoji } from "./emoji.js";

// Slack folds the text of an attachment away after so many characters or lines.
const FOLD_CHARACTERS = 700;
const FOLD_LINES = 5;

/** The node of a stored message. */
export function message(posted, state) {
  const { message } = posted;
  const isApp = posted.author === "bot";
  const name = message.username ?? (isApp ? state.app.name : state.owner.real_name);
  const face = emoji(message.icons?.emoji?.replaceAll(":", "") ?? "") ?? name.slice(0, 1);
  const topBlocks = message.blocks ?? [];
  return element("article", { class: "message", "data-ts": message.ts, "data-seq": posted.seq },
    element("div", { class: isApp ? "face app" : "face", "aria-hidden": true }, face),
    element("div", { class: "content" },
      element("header", {},
        element("span", { class: "author" }, name),
        isApp ? element("span", { class: "badge" }, "APP") : null,
        stamp(message.ts),
        message.edited ? element("span", { class: "hint" }, "(edited)") : null,
        message.thread_ts ? element("span", { class: "hint" }, "↳ in a thread") : null),
      topBlocks.length ? blocks(topBlocks) : element("div", { class: "text" }, ...mrkdwn(message.text)),
      ...(message.attachments ?? []).map(attachment)));
}

function attachment(item) {
  const box = element("div", { class: "attachment" },
    item.author_name ? element("p", { class: "hint" }, ...named(item.author_name, item.author_link)) : null,
    item.title ? element("p", { class: "attachment-title" }, ...named(item.title, item.title_link)) : null,
    ...body(item),
    (item.fields ?? []).length ? element("div", { class: "fields" }, ...item.fields.map(field)) : null,
    ...blocks(item.blocks),
    item.image_url ? picture({ image_url: item.image_url, alt_text: "image" }) : null,
    ...footer(item));
  const colour = /^[0-9a-f]{6}$/i.test(item.color ?? "") ? `#${item.color}` : null;
  if (colour) box.style.borderLeftColor = colour;
  return element("div", {},
    item.pretext ? element("div", { class: "text" }, ...mrkdwn(item.pretext)) : null, box);
}

/** The text, folded when it is long; without any other content the fallback stands for it. */
function body(item) {
  const isBare = !item.text && !item.title && !item.pretext && !(item.fields ?? []).length
    && !(item.blocks ?? []).length && !item.image_url;
  if (isBare) return [element("div", { class: "text" }, ...plain(item.fallback))];
  if (!item.text) return [];
  const text = element("div", { class: "text" }, ...mrkdwn(item.text));
  const isLong = item.text.length > FOLD_CHARACTERS || item.text.split("\n").length > FOLD_LINES;
  if (!isLong) return [text];
  text.classList.add("folded");
  const more = element("button", {
    type: "button",
    class: "more",
    onclick: () => { more.textContent = text.classList.toggle("folded") ? "Show more" : "Show less"; },
  }, "Show more");
  return [text, more];
}

function field(item) {
  return element("div", { class: item.short ? "field" : "field wide" },
    element("strong", {}, ...plain(item.title)), element("br"), ...mrkdwn(item.value));
}

function footer(item) {
  if (!item.footer && !item.ts) return [];
  return [element("div", { class: "context" },
    item.footer ? element("span", {}, ...mrkdwn(item.footer)) : null, item.ts ? stamp(item.ts) : null)];
}

function named(text, url) {
  return url ? [link(url, ...mrkdwn(text))] : mrkdwn(text);
}
