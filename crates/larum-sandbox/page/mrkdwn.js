// Slack's mrkdwn: from text to nodes. See "Formatting message text" in Slack's documentation.

import { element, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { date } from "./date.js";

// Code spans and <…> are put aside first, behind these two private characters, so that the stars and
// underscores inside them are not read as formatting.
const OPEN = "\uE000";
const CLOSE = "\uE001";

/** What a mention needs to become a name. The page sets it. */
export const names = { channel: () => undefined, user: () => undefined };

/** The nodes of a mrkdwn text. */
export function mrkdwn(text) {
  return String(text ?? "").replaceAll(OPEN, "\uFFFD").replaceAll(CLOSE, "\uFFFD")
    .split(/```/).flatMap((part, index, parts) => {
      const isFence = index % 2 === 1 && index < parts.length - 1;
      if (isFence) return element("pre", {}, unescape(part.replace(/^\n|\n$/g, "")));
      return paragraphs(index % 2 === 1 ? "```" + part : part);
    });
}

/** The nodes of a plain text: nothing but emoji is special. */
export function plain(text) {
  return withEmoji(unescape(String(text ?? "")));
}

/** Consecutive quoted lines become one quote; lines of a list hang behind their bullet. */
function paragraphs(text) {
  const nodes = [];
  let quote = null;
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    if (quoted) {
      quote ??= nodes[nodes.push(element("blockquote")) - 1];
      if (quote.hasChildNodes()) quote.append(element("br"));
      quote.append(...inline(quoted[1]));
      return;
    }
    const previousWasBlock = quote !== null || nodes.at(-1)?.className === "item";
    quote = null;
    const item = line.match(/^\s*([•◦▪-]|\d+\.)\s+(.*)$/);
    if (item) {
      const mark = element("span", { class: "mark" }, item[1] === "-" ? "-" : item[1]);
      nodes.push(element("span", { class: "item" }, mark, element("span", {}, ...inline(item[2]))));
      return;
    }
    if (index > 0 && !previousWasBlock) nodes.push(element("br"));
    nodes.push(...inline(line));
  });
  return nodes;
}

/** Code, <…>, bold, italic, strike and emoji within one line. */
function inline(line) {
  const aside = [];
  const keep = (node) => `${OPEN}${aside.push(node) - 1}${CLOSE}`;
  const bare = line
    .replace(/`([^`\n]+)`/g, (_, code) => keep(element("code", {}, unescape(code))))
    .replace(/<([^<>\n]+)>/g, (_, inner) => keep(angle(inner)));
  return format(bare, aside);
}

const FORMATS = [["*", "strong"], ["_", "em"], ["~", "s"]].map(([mark, tag]) => {
  const sign = `\\${mark}`;
  const pattern = `(^|[^\\p{L}\\p{N}${sign}])${sign}((?!\\s)[^${sign}]*[^\\s${sign}])${sign}(?![\\p{L}\\p{N}${sign}])`;
  return [tag, new RegExp(pattern, "u")];
});

/** Finds the first formatted stretch, formats it, and goes on behind it. */
function format(text, aside) {
  let first = null;
  for (const [tag, pattern] of FORMATS) {
    const match = pattern.exec(text);
    if (match && (first === null || match.index < first.match.index)) first = { tag, match };
  }
  if (first === null) return restore(text, aside);
  const { tag, match } = first;
  const before = text.slice(0, match.index) + match[1];
  const after = text.slice(match.index + match[0].length);
  return [...restore(before, aside), element(tag, {}, ...format(match[2], aside)), ...format(after, aside)];
}

/** Puts what was set aside back, between text and emoji. */
function restore(text, aside) {
  return text.split(new RegExp(`${OPEN}(\\d+)${CLOSE}`)).flatMap((part, index) =>
    index % 2 === 1 ? aside[Number(part)] : withEmoji(unescape(part)));
}

/** Shortcodes become signs; a code nobody knows stays as it is. */
function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/).filter((part) => part !== "").map((part) => {
    const sign = part.startsWith(":") ? emoji(part.slice(1, -1)) : undefined;
    return sign ? element("span", { class: "emoji", title: part, role: "img", "aria-label": part }, sign) : part;
  });
}

/** What stands in angle brackets: a mention, a date or a link. */
function angle(inner) {
  const [target, label] = split(inner, "|");
  if (/^#C/.test(target)) return mention(`#${names.channel(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (/^@[UW]/.test(target)) return mention(`@${names.user(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("!date^")) return date(target, unescape(label ?? ""));
  if (target.startsWith("!subteam^")) return mention(unescape(label ?? "@group"));
  if (/^!(here|channel|everyone)$/.test(target)) return mention(`@${target.slice(1)}`, "mention loud");
  if (/^(https?:\/\/|mailto:)/i.test(target)) {
    const url = unescape(target);
    return link(url, ...(label ? withEmoji(unescape(label)) : [url.replace(/^mailto:/i, "")]));
  }
  return document.createTextNode(`<${unescape(inner)}>`);
}

function mention(text, style = "mention") {
  return element("span", { class: style }, text);
}

function split(text, sign) {
  const at = text.indexOf(sign);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The three escapes of mrkdwn, and only those. */
function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
