import { expect, it } from "vitest";

import { readInline, readMarkdown } from "./markdown";

const text = (words: string) => ({ kind: "text", text: words });

it("reads headings, paragraphs over several lines, and fenced code", () => {
  const page = "# Name\n\nOne line\nand the next.\n## Part\n```sh\nkubectl get pods\n  -A\n```\nAfter.";
  expect(readMarkdown(page)).toEqual([
    { kind: "heading", level: 1, parts: [text("Name")] },
    { kind: "paragraph", parts: [text("One line and the next.")] },
    { kind: "heading", level: 2, parts: [text("Part")] },
    { kind: "code", text: "kubectl get pods\n  -A" },
    { kind: "paragraph", parts: [text("After.")] },
  ]);
});

it("an item goes on in lines that stand further in, and may have a list of its own", () => {
  const page = "1. First\n   goes on:\n   * inner\n2. Second\n\nAfter.";
  const inner = { kind: "list", ordered: false, items: [[{ kind: "paragraph", parts: [text("inner")] }]] };
  expect(readMarkdown(page)).toEqual([
    {
      kind: "list", ordered: true,
      items: [[{ kind: "paragraph", parts: [text("First goes on:")] }, inner], [{ kind: "paragraph", parts: [text("Second")] }]],
    },
    { kind: "paragraph", parts: [text("After.")] },
  ]);
});

it("reads code, emphasis and links within a line; within code nothing else means anything", () => {
  expect(readInline("a `b *c*` *d* **e** [f](/runbooks/G)!")).toEqual([
    text("a "), { kind: "code", text: "b *c*" }, text(" "), { kind: "emphasis", parts: [text("d")] }, text(" "),
    { kind: "strong", parts: [text("e")] }, text(" "), { kind: "link", address: "/runbooks/G", parts: [text("f")] }, text("!"),
  ]);
});

it("what would run code or leave for somewhere hidden stays text", () => {
  expect(readInline("<script>alert(1)</script>")).toEqual([text("<script>alert(1)</script>")]);
  expect(readInline("[a](javascript:alert)")).toEqual([text("[a](javascript:alert)")]);
  expect(readInline("[a](//evil.example)")).toEqual([text("[a](//evil.example)")]);
});

it("a mark that nobody closes is a mark", () => {
  expect(readInline("2 * 3 `x and **y")).toEqual([text("2 * 3 `x and **y")]);
  expect(readMarkdown("```\nnever closed")).toEqual([{ kind: "code", text: "never closed" }]);
});
