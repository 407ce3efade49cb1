// Blocks, drawn as Slack draws them. Buttons and menus do nothing here; link buttons open their link.

import { element, link } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

/** The nodes of a list of blocks. */
export function blocks(list) {
  return (Array.isArray(list) ? list : []).map((block) => {
    const draw = DRAWN[block?.type];
    return draw ? draw(block) : element("p", { class: "hint" }, `[${block?.type ?? "block"}: not drawn here]`);
  });
}

/** A text object: plain_text or mrkdwn. */
function text(object) {
  return object?.type === "mrkdwn" ? mrkdwn(object.text) : plain(object?.text);
}

const DRAWN = {
  section: (block) => element("div", { class: "section" },
    element("div", { class: "body" },
      block.text ? element("div", { class: "text" }, ...text(block.text)) : null,
      block.fields ? element("div", { class: "fields" },
        ...block.fields.map((field) => element("div", { class: "field" }, ...text(field)))) : null),
    block.accessory ? control(block.accessory) : null),
  divider: () => element("hr"),
  header: (block) => element("h3", { class: "header" }, ...text(block.text)),
  context: (block) => element("div", { class: "context" },
    ...block.elements.map((item) => item.type === "image" ? picture(item) : element("span", {}, ...text(item)))),
  actions: (block) => element("div", { class: "actions" }, ...block.elements.map(control)),
  image: (block) => picture(block, block.title),
  markdown: (block) => element("div", { class: "text" }, ...mrkdwn(block.text)),
  rich_text: (block) => element("div", { class: "text" }, ...(block.elements ?? []).map(rich)),
  table: (block) => element("table", {}, ...(block.rows ?? []).map((row) =>
    element("tr", {}, ...row.map((cell) => element("td", {}, cell?.elements ? rich(cell) : plain(cell?.text)))))),
};

/** A button or menu. */
function control(item) {
  if (item.type === "image") return picture(item);
  const label = plain(item.text?.text ?? item.placeholder?.text ?? item.type);
  const style = `button ${item.style ?? ""}`.trim();
  if (item.type === "button" && item.url) {
    const made = link(item.url, ...label);
    made.className = style;
    return made;
  }
  const arrow = item.type === "button" ? "" : " ▾";
  return element("button", { type: "button", class: style, disabled: true, title: "Does nothing in the sandbox" }, ...label, arrow);
}

/** A picture stands for itself: the sandbox fetches nothing from elsewhere. */
export function picture(image, title) {
  const label = image.alt_text || "image";
  return element("figure", {},
    title ? element("figcaption", {}, ...plain(title.text)) : null,
    image.image_url ? link(image.image_url, `🖼 ${label}`) : element("span", {}, `🖼 ${label}`));
}

/** A rich text element and all inside it, as far as plain text goes. */
function rich(node) {
  const inside = (node.elements ?? []).map(rich);
  switch (node.type) {
    case "text": {
      const tag = node.style?.code ? "code" : node.style?.bold ? "strong" : node.style?.italic ? "em" : "span";
      return element(tag, {}, node.text ?? "");
    }
    case "link": return link(node.url ?? "", node.text ?? node.url ?? "");
    case "emoji": return element("span", {}, ...plain(`:${node.name}:`));
    case "rich_text_preformatted": return element("pre", {}, ...inside);
    case "rich_text_quote": return element("blockquote", {}, ...inside);
    case "rich_text_list":
      return element(node.style === "ordered" ? "ol" : "ul", {}, ...inside.map((item) => element("li", {}, item)));
    default: return element("div", {}, ...inside);
  }
}
