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
      // A fence stands on lines of its own: the line breaks next to it are its own, too.
      const text = index > 0 ? part.replace(/^\n/, "") : part;
      return text === "" ? [] : paragraphs(index % 2 === 1 ? "```" + part : text);
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

// A sign formats what stands between it and the next one, if words neither touch the pair from outside nor
// spaces from inside.
const FORMATS = [["*", "strong"], ["_", "em"], ["~", "s"]].map(([sign, tag]) => {
  const pattern = `(^|[^\\p{L}\\p{N}${sign}])[${sign}]((?!\\s)[^${sign}]*[^\\s${sign}])[${sign}](?![\\p{L}\\p{N}${sign}])`;
  return [tag, new RegExp(pattern, "u")];
});

/** Finds one formatted stretch after the other; inside each there may be more. */
function format(text, aside) {
  const nodes = [];
  for (let rest = text; ;) {
    const found = FORMATS.map(([tag, pattern]) => ({ tag, match: pattern.exec(rest) })).filter(({ match }) => match);
    if (found.length === 0) return [...nodes, ...restore(rest, aside)];
    const { tag, match } = found.reduce((first, other) => (other.match.index < first.match.index ? other : first));
    const before = rest.slice(0, match.index) + match[1];
    nodes.push(...restore(before, aside), element(tag, {}, ...format(match[2], aside)));
    rest = rest.slice(match.index + match[0].length);
  }
}

/** Puts what was set aside back, between text and emoji. */
function restore(text, aside) {
  return text.split(new RegExp(`${OPEN}(\\d+)${CLOSE}`)).flatMap((part, index) =>
    index % 2 === 1 ? aside[Number(part)] : withLinks(unescape(part)));
}

/** Bare addresses become links, as in Slack. */
function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"])/).flatMap((part, index) =>
    index % 2 === 1 ? link(part, part) : withEmoji(part));
}

/** Shortcodes become signs; a code nobody knows stays as it is. */
function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/).filter((part) => part !== "").map((part) => {
    const name = part.startsWith(":") ? part.slice(1, -1) : "";
    const sign = emoji(name);
    if (!sign) return part;
    return element("span", { class: "emoji", title: part, role: "img", "aria-label": part, "data-emoji": name }, sign);
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
