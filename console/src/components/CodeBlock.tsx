import { CopyIcon } from "./CopyButton";
import classes from "./CodeBlock.module.css";

/** Text of a program, in full, with a button that copies it. */
export function CodeBlock({ text, what }: { text: string; what: string }) {
  return (
    <div className={classes.block}>
      {/* Long lines scroll, so the block must be reachable by keyboard. */}
      <pre tabIndex={0} aria-label={what}>
        <code>{text}</code>
      </pre>
      <div className={classes.copy}>
        <CopyIcon value={text} what={what} />
      </div>
    </div>
  );
}
