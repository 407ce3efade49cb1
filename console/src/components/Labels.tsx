import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { paths } from "../paths";
import { parseSearch } from "../search-params";
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

/** A text that is an address of the web as a link to it; one of a template's `graphLink` leads to Explore. */
function Linked({ text }: { text: string }) {
  const graph = /^\/graph(\?g0\.expr=\S+)$/.exec(text)?.[1];
  if (graph) return <Link {...paths.explore(parseSearch(graph))}>{text}</Link>;
  if (!/^https?:\/\/\S+$/.test(text)) return text;
  return (
    <Anchor href={text} target="_blank" rel="noreferrer" inherit>
      {text}
    </Anchor>
  );
}
