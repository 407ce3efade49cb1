import { Anchor } from "@mantine/core";

import classes from "./Labels.module.css";

/** Labels or annotations as `name=value`, sorted by name. */
export function Labels({ labels }: { labels: Record<string, string> }) {
  const entries = Object.entries(labels).sort(([first], [second]) => first.localeCompare(second));
  return (
    <ul className={classes.labels}>
      {entries.map(([name, value]) => (
        <li key={name}>
          <span className={classes.name}>{name}</span>
          <span className={classes.value}>{value === "" ? "(empty)" : <Linked text={value} />}</span>
        </li>
      ))}
    </ul>
  );
}

/** A text that is an address of the web as a link to it. */
function Linked({ text }: { text: string }) {
  if (!/^https?:\/\/\S+$/.test(text)) return text;
  return (
    <Anchor href={text} target="_blank" rel="noreferrer" inherit>
      {text}
    </Anchor>
  );
}
