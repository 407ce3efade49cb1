import { IconDatabaseOff } from "@tabler/icons-react";

import { ButtonLink } from "../../components/ButtonLink";
import { EmptyState } from "../../components/EmptyState";
import { paths } from "../../paths";

/** In place of an answer without series. */
export function NoSeries({ when }: { when: string }) {
  return (
    <EmptyState icon={IconDatabaseOff} title="No series" action={<ButtonLink link={paths.metricsSource()} variant="default">See the metrics source</ButtonLink>}>
      The expression is right, but nothing was found {when}. Look at another time, or check the names of metrics and labels and what it is compared with.
    </EmptyState>
  );
}
