// What mrkdwn becomes, written as HTML. A document of a few lines stands in for the browser's: all that the
// page may do is create elements and text, so that is all it has.

import assert from "node:assert/strict";
import { test } from "node:test";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const html = (node) => (typeof node === "string" ? escape(node) : node.html());

class Element {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, children: [] });
  }
  setAttribute(name, value) { this.attributes[name] = value; }
  append(...children) { this.children.push(...children); }
  hasChildNodes() { return this.children.length > 0; }
  get className() { return this.attributes.class ?? ""; }
  html() {
    const kept = Object.entries(this.attributes).filter(([name]) => ["href", "class"].includes(name));
    const attributes = kept.map(([name, value]) => ` ${name}="${escape(value)}"`).join("");
    return `<${this.tag}${attributes}>${this.children.map(html).join("")}</${this.tag}>`;
  }
}

globalThis.document = {
  createElement: (tag) => new Element(tag),
  createTextNode: (text) => ({ html: () => escape(text) }),
};

const { mrkdwn, plain, names } = await import("../../page/mrkdwn.js");
names.channel = (id) => ({ C1: "alerts" })[id];
names.user = (id) => ({ U1: "larum" })[id];
const drawn = (text) => mrkdwn(text).map(html).join("");

const cases = {
  "a *bold* _italic_ ~struck~ word": "a <strong>bold</strong> <em>italic</em> <s>struck</s> word",
  "*bold _and italic_*": "<strong>bold <em>and italic</em></strong>",
  "*x*": "<strong>x</strong>",
  "snake_case_name and 2*3*4": "snake_case_name and 2*3*4",
  "* no bold * and *unclosed": "* no bold * and *unclosed",
  "`*code* <a>`": "<code>*code* &lt;a&gt;</code>",
  "*<https://e/a_b_c|a *label*>*": '<strong><a href="https://e/a_b_c">a *label*</a></strong>',
  "<https://e/?a=1&amp;b=2>": '<a href="https://e/?a=1&amp;b=2">https://e/?a=1&amp;b=2</a>',
  "see https://e/x.": 'see <a href="https://e/x">https://e/x</a>.',
  "<javascript:alert(1)|click>": "&lt;javascript:alert(1)|click&gt;",
  "<mailto:a@b.c|write>": '<a href="mailto:a@b.c">write</a>',
  "&lt;b&gt; &amp;amp;": "&lt;b&gt; &amp;amp;",
  "<script>alert(1)</script>": "&lt;script&gt;alert(1)&lt;/script&gt;",
  "<#C1> <@U1> <#C9|old>": '<span class="mention">#alerts</span> <span class="mention">@larum</span> <span class="mention">#old</span>',
  "<!here> <!channel>": '<span class="mention loud">@here</span> <span class="mention loud">@channel</span>',
  "&lt;!channel&gt;": "&lt;!channel&gt;",
  "<!subteam^S1|@ops>": '<span class="mention">@ops</span>',
  "<!date^nonsense^{date}|2026-01-02>": "2026-01-02",
  ":fire: :unknown_one: 10:30:00": '<span class="emoji">🔥</span> :unknown_one: 10:30:00',
  "one\ntwo": "one<br></br>two",
  "&gt; a\n&gt; b\nc": "<blockquote>a<br></br>b</blockquote>c",
  "• a\n• b": '<span class="item"><span class="mark">•</span><span>a</span></span><span class="item"><span class="mark">•</span><span>b</span></span>',
  "a\n```\n*b*\n&lt;c&gt;\n```\nd": "a<br></br><pre>*b*\n&lt;c&gt;</pre>d",
  "an ```unclosed fence": "an ```unclosed fence",
  "\uE0000\uE001": "\uFFFD0\uFFFD",
};

for (const [text, expected] of Object.entries(cases)) {
  test(JSON.stringify(text), () => assert.equal(drawn(text), expected));
}

test("plain text knows emoji and nothing else", () => {
  const text = plain("*a* <https://e|b> :fire: &amp;").map(html).join("");
  assert.equal(text, '*a* &lt;https://e|b&gt; <span class="emoji">🔥</span> &amp;');
});

test("a date is told in the viewer's zone", () => {
  const [time] = mrkdwn("<!date^0^{date_num} {time}^https://e/|fallback>");
  assert.match(html(time), /^<a href="https:\/\/e\/"><time>\d\d\/\d\d\/(1969|1970) .*<\/time><\/a>$/);
});

test("hostile nesting ends quickly", () => {
  const started = process.hrtime.bigint();
  drawn("*_~`<".repeat(8000));
  drawn("*a ".repeat(10_000));
  drawn("*a* ".repeat(10_000));
  assert.ok(process.hrtime.bigint() - started < 5_000_000_000n);
});
