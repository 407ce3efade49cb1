import { IconFileText, IconFilterOff, IconListCheck, IconPlus } from "@tabler/icons-react";

import { useWriteRefusal } from "../../api/session";
import { ButtonLink } from "../../components/ButtonLink";
import { EmptyState } from "../../components/EmptyState";
import { Reasoned } from "../../components/Reasoned";
import { paths } from "../../paths";
import type { Tab } from "./policy-list";

export function NewPolicy() {
  const refusal = useWriteRefusal();
  return (
    <Reasoned reason={refusal}>
      <ButtonLink link={paths.newPolicy()} leftSection={<IconPlus size={16} />} disabled={refusal !== null}>
        New policy
      </ButtonLink>
    </Reasoned>
  );
}

/** In place of a list of policies that has none. */
export function NoPolicies({ tab, isFiltered }: { tab: Tab; isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState icon={IconFilterOff} title="No policy matches" action={<ButtonLink link={paths.policies({ tab: tab === "custom" ? undefined : tab })} variant="default">Clear the filter</ButtonLink>}>
        The filter looks at names, descriptions and expressions. What you look for may be in another tab.
      </EmptyState>
    );
  }
  switch (tab) {
    case "custom":
      return (
        <EmptyState icon={IconListCheck} title="No custom policies yet" action={<NewPolicy />}>
          The built-in policies watch this machine already. Make your own for what matters to you in particular.
        </EmptyState>
      );
    case "builtin":
      return <EmptyState icon={IconListCheck} title="No built-in policies">They come with Larum. If they are missing, look at its log.</EmptyState>;
    case "rule_file":
      return (
        <EmptyState icon={IconFileText} title="No rule files">
          Start Larum with <code>--rule-files</code> to evaluate Prometheus&apos; rule files as they are. To edit rules here, import them instead.
        </EmptyState>
      );
  }
}
