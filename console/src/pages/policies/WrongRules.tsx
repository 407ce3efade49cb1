import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { ruleFilesQuery } from "../../api/platform";
import { Notice } from "../../components/Notice";
import { paths } from "../../paths";

/** Says on the list of policies that some rules are not in it, for they cannot be read. */
export function WrongRules() {
  const { data } = useQuery(ruleFilesQuery);
  const rules = data?.files.reduce((total, { broken }) => total + broken.length, 0) ?? 0;
  const files = data?.files.filter(({ error }) => error !== null).length ?? 0;
  if (rules + files === 0) return null;
  const wrong = [counted(rules, "rule is wrong", "rules are wrong"), counted(files, "file cannot be read", "files cannot be read")];
  return (
    <div style={{ marginBottom: 16 }}>
      <Notice tone="red" icon={IconAlertTriangle} role="status">
        {wrong.filter((words) => words !== "").join(", and ")}. <Link {...paths.ruleFiles()}>See what is wrong</Link>
      </Notice>
    </div>
  );
}

function counted(number: number, one: string, many: string): string {
  return number === 0 ? "" : `${number} ${number === 1 ? one : many}`;
}
