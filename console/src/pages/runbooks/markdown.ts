/**
 * The part of Markdown (CommonMark 0.31) that runbooks are written in: headings, paragraphs, lists, fenced code, and in
 * a line code, emphasis and links. What is none of these stays plain text, HTML above all: nothing here makes markup.
 */

/** A part of a line. */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "emphasis"; parts: Inline[] }
  | { kind: "link"; address: string; parts: Inline[] };

/** A part of a page. */
export type Block =
  | { kind: "heading"; level: number; parts: Inline[] }
  | { kind: "paragraph"; parts: Inline[] }
  | { kind: "list"; ordered: boolean; items: Block[][] }
  | { kind: "code"; text: string };

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^ {0,3}([*+-]|\d{1,9}[.)])(\s+)/;

/** Reads a page. */
export function readMarkdown(text: string): Block[] {
  return readBlocks(text.replaceAll("\r\n", "\n").split("\n"));
}

function readBlocks(lines: string[]): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at += 1;
      continue;
    }
    const [block, used] = readBlock(lines.slice(at), line);
    blocks.push(block);
    at += used;
  }
  return blocks;
}

/** The block that begins with the first of these lines, and how many of them it takes. */
function readBlock(lines: string[], first: string): [Block, number] {
  const fence = FENCE.exec(first)?.[1];
  if (fence) return readFence(lines, fence);
  const heading = HEADING.exec(first);
  if (heading) return [{ kind: "heading", level: heading[1]?.length ?? 1, parts: readInline(heading[2] ?? "") }, 1];
  if (ITEM.test(first)) return readList(lines, /^ {0,3}\d/.test(first));
  const end = lines.findIndex((line, index) => index > 0 && (line.trim() === "" || startsBlock(line)));
  const taken = end === -1 ? lines : lines.slice(0, end);
  return [{ kind: "paragraph", parts: readInline(taken.map((line) => line.trim()).join(" ")) }, taken.length];
}

function startsBlock(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || ITEM.test(line);
}

function readFence(lines: string[], fence: string): [Block, number] {
  const end = lines.findIndex((line, index) => index > 0 && line.trim().startsWith(fence));
  const inside = lines.slice(1, end === -1 ? undefined : end);
  return [{ kind: "code", text: inside.join("\n") }, end === -1 ? lines.length : end + 1];
}

/** A list of one kind: an item goes on with lines that stand as far in as its text. */
function readList(lines: string[], ordered: boolean): [Block, number] {
  const items: string[][] = [];
  let at = 0;
  let indent = 0;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const item = ITEM.exec(line);
    const current = items.at(-1);
    if (current && (line.trim() === "" || line.search(/\S/) >= indent)) current.push(line.slice(indent));
    else if (item && /\d/.test(item[1] ?? "") === ordered) {
      indent = item[0].length;
      items.push([line.slice(indent)]);
    } else if (current && !item && current.at(-1)?.trim() !== "" && !startsBlock(line)) current.push(line.trim());
    else break;
  }
  return [{ kind: "list", ordered, items: items.map(readBlocks) }, at];
}

const INLINE = /(`+)(.+?)\1(?!`)|\*\*(.+?)\*\*|\*(\S(?:.*?\S)??)\*|\[([^\]]+)\]\(([^()\s]+)\)|<(https?:\/\/[^\s<>]+)>|\\([!-/:-@[-`{-~])/;

/** Reads a line. */
export function readInline(line: string): Inline[] {
  const parts: Inline[] = [];
  let rest = line;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    if (match.index > 0) parts.push({ kind: "text", text: rest.slice(0, match.index) });
    parts.push(readPart(match));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== "") parts.push({ kind: "text", text: rest });
  return parts;
}

function readPart([whole, , code, strong, emphasis, words, address, bare, escaped]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: "code", text: code.trim() || code };
  if (strong !== undefined) return { kind: "strong", parts: readInline(strong) };
  if (emphasis !== undefined) return { kind: "emphasis", parts: readInline(emphasis) };
  if (words !== undefined && address !== undefined && isSafe(address)) return { kind: "link", address, parts: readInline(words) };
  if (bare !== undefined) return { kind: "link", address: bare, parts: [{ kind: "text", text: bare }] };
  return { kind: "text", text: escaped ?? whole };
}

/** A link leads to the web or within the console; `javascript:` and the like stay text. */
function isSafe(address: string): boolean {
  return /^(https?:\/\/|\/(?!\/)|#)/.test(address);
}
