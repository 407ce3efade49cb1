import { IconEyeOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";

import type { Inhibition } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import classes from "./Platform.module.css";

/** Inhibition rules, each as a sentence that leads to what it hides. */
export function InhibitionRules({ rules }: { rules: Inhibition[] }) {
  if (rules.length === 0) return <EmptyState icon={IconEyeOff} title="No inhibition rules">No alert keeps another from being told.</EmptyState>;
  return (
    <ol className={classes.rules} aria-label="Inhibition rules">
      {rules.map((rule, index) => (
        <li key={`${rule.name} ${index}`}>
          <div className={classes.top}>
            <h2>{rule.name || `Rule ${index + 1}`}</h2>
            <Hides rule={rule} />
          </div>
          <Sentence rule={rule} />
        </li>
      ))}
    </ol>
  );
}

/** How many it hides, leading to them. */
function Hides({ rule }: { rule: Inhibition }) {
  if (rule.hides > 0) {
    return (
      <Link {...paths.alerts(rule.name === "" ? { state: "firing" } : { state: "firing", inhibited: rule.name })}>
        <Tag tone="amber">{`${rule.hides} ${rule.hides === 1 ? "alert" : "alerts"} not told now`}</Tag>
      </Link>
    );
  }
  return <Tag tone="gray">{rule.sources > 0 ? `${rule.sources} firing, hiding nothing` : "Hides nothing now"}</Tag>;
}

function Sentence({ rule }: { rule: Inhibition }) {
  return (
    <p>
      While an alert with <Matchers matchers={rule.source} /> fires, alerts with <Matchers matchers={rule.target} />
      {rule.equal.length > 0 && (
        <>
          {" "}and the same{" "}
          {rule.equal.map((label, index) => (
            <Fragment key={label}>
              {index > 0 && (index === rule.equal.length - 1 ? " and " : ", ")}
              <strong>{label}</strong>
            </Fragment>
          ))}
        </>
      )}{" "}
      are not told.
    </p>
  );
}

function Matchers({ matchers }: { matchers: string[] }) {
  if (matchers.length === 0) return "any labels";
  return (
    <span className={classes.matchers}>
      {matchers.map((matcher) => (
        <code key={matcher}>{matcher}</code>
      ))}
    </span>
  );
}
