import { Anchor } from "@mantine/core";

import { exact } from "../../components/time";
import type { Block, SlackMessage } from "./message";
import { piecesOf, type Piece } from "./mrkdwn";
import classes from "./MessagePreview.module.css";

/** A message about as Slack draws it: the text, then the blocks behind the colour bar. */
export function MessagePreview({ message }: { message: SlackMessage }) {
  return (
    <div className={classes.message} role="group" aria-label="Message as it looks">
      <Mrkdwn text={message.text} />
      {message.attachments?.map((attachment, index) => (
        <div key={index} className={classes.attachment} style={{ borderLeftColor: attachment.color }}>
          {attachment.blocks.map((block, place) => (
            <BlockView key={place} block={block} />
          ))}
        </div>
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  return (
    <>
      {block.text && <Mrkdwn text={block.text.text} />}
      {block.fields && (
        <div className={classes.fields}>
          {block.fields.map(({ text }, index) => (
            <Mrkdwn key={index} text={text} />
          ))}
        </div>
      )}
      {block.elements?.map(({ text }, index) => (
        <div key={index} className={classes.context}>
          <Mrkdwn text={text} />
        </div>
      ))}
    </>
  );
}

function Mrkdwn({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      {piecesOf(text).map((piece, index) => (
        <PieceView key={index} piece={piece} />
      ))}
    </div>
  );
}

function PieceView({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "bold":
      return <strong>{piece.text}</strong>;
    case "code":
      return <code className={classes.code}>{piece.text}</code>;
    case "link":
      return (
        <Anchor href={piece.url} target="_blank" rel="noreferrer" inherit underline="always" fw={piece.isBold ? 700 : undefined}>
          {piece.text}
        </Anchor>
      );
    case "date":
      return <time title={exact(piece.at)}>{new Date(piece.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}</time>;
  }
}
