// Builds elements. Text only ever becomes text nodes, so nothing from a message is read as HTML.

/** An element with attributes, listeners (functions under `onclick` and the like) and children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A link to an http, https or mailto address; any other address leaves just its label. */
export function link(url, ...label) {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return element("span", {}, ...label);
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

/** A button that copies `text()` and says so. */
export function copyButton(label, text) {
  const button = element("button", {
    type: "button",
    onclick: async () => {
      try {
        await navigator.clipboard.writeText(text());
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select it and copy";
      }
      setTimeout(() => { button.textContent = label; }, 1500);
    },
  }, label);
  return button;
}
