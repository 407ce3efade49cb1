import type { SilenceMatcher } from "../../api/types";
import { matcherText } from "../../components/matchers";
import classes from "./Silences.module.css";

/** The matchers of a silence, each as Alertmanager writes it. */
export function Matchers({ matchers }: { matchers: SilenceMatcher[] }) {
  return (
    <span className={classes.matchers}>
      {matchers.map((matcher, index) => (
        <code key={index}>{matcherText(matcher)}</code>
      ))}
    </span>
  );
}
