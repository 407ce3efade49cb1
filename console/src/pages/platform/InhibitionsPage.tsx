import { Skeleton } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";

import { inhibitionsQuery } from "../../api/platform";
import { asProblem } from "../../api/problem";
import type { Inhibition } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { PageHeader } from "../../components/PageHeader";
import { Tag } from "../../components/Tag";
import { paths } from "../../paths";
import classes from "./Platform.module.css";

/** The inhibition rules, each as a sentence, with how many alerts it keeps from being told now. */
export default function InhibitionsPage() {
  const { data, error, refetch } = useQuery(inhibitionsQuery);
  return (
    <>
      <PageHeader title="Inhibition rules" lead="While an alert fires that explains others, those are not told. They are still shown." />
      {data && <Rules rules={data.inhibitions} />}
      {!data && error && <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={320} radius="lg" />}
    </>
  );
}

function Rules({ rules }: { rules: Inhibition[] }) {
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
