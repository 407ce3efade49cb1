import { Link } from "@tanstack/react-router";
import { Fragment, useMemo, type ReactNode } from "react";

import { CodeBlock } from "../../components/CodeBlock";
import { CopyIcon } from "../../components/CopyButton";
import { paths } from "../../paths";
import { readMarkdown, type Block, type Inline } from "./markdown";
import classes from "./Runbooks.module.css";

interface MarkdownProps {
  text: string;
  /** Names that are pages of their own: where one stands in the text, it leads there. */
  names: ReadonlySet<string>;
}

/** A page of Markdown as elements; its first heading is left out, since the page has it at its top. */
export function Markdown({ text, names }: MarkdownProps) {
  const blocks = useMemo(() => readMarkdown(text), [text]);
  const shown = blocks[0]?.kind === "heading" && blocks[0].level === 1 ? blocks.slice(1) : blocks;
  return <div className={classes.page}>{shown.map((block, index) => <BlockOf key={index} block={block} names={names} />)}</div>;
}

function BlockOf({ block, names }: { block: Block; names: ReadonlySet<string> }): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Heading = (["h2", "h2", "h3", "h4", "h5", "h6"] as const)[block.level - 1] ?? "h6";
      return <Heading><Parts parts={block.parts} names={names} /></Heading>;
    }
    case "paragraph":
      return <p><Parts parts={block.parts} names={names} /></p>;
    case "code":
      return <CodeBlock text={block.text} what="code" />;
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      return <List>{block.items.map((item, index) => <li key={index}><Item blocks={item} names={names} /></li>)}</List>;
    }
  }
}

/** What an item says: alone, a paragraph needs no room around it. */
function Item({ blocks, names }: { blocks: Block[]; names: ReadonlySet<string> }) {
  return blocks.map((block, index) =>
    block.kind === "paragraph" ? <Parts key={index} parts={block.parts} names={names} /> : <BlockOf key={index} block={block} names={names} />,
  );
}

function Parts({ parts, names }: { parts: Inline[]; names: ReadonlySet<string> }): ReactNode {
  return parts.map((part, index) => <Fragment key={index}>{inline(part, names)}</Fragment>);
}

function inline(part: Inline, names: ReadonlySet<string>): ReactNode {
  switch (part.kind) {
    case "text":
      return linked(part.text, names);
    case "code":
      return <Code text={part.text} />;
    case "strong":
      return <strong><Parts parts={part.parts} names={names} /></strong>;
    case "emphasis":
      return <em><Parts parts={part.parts} names={names} /></em>;
    case "link":
      return <a href={part.address} target={part.address.startsWith("http") ? "_blank" : undefined} rel="noreferrer"><Parts parts={part.parts} names={names} /></a>;
  }
}

/** A command, which has more than one word, can be copied. */
function Code({ text }: { text: string }) {
  if (!text.includes(" ")) return <code>{text}</code>;
  return (
    <span className={classes.command}>
      <code>{text}</code>
      <CopyIcon value={text} what={text} />
    </span>
  );
}

/** Names of other pages become links to them. */
function linked(text: string, names: ReadonlySet<string>): ReactNode {
  return text.split(/(\w+)/).map((word, index) =>
    names.has(word) ? <Link key={index} {...paths.runbook(word)}>{word}</Link> : word,
  );
}
