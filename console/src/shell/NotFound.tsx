import { IconMapOff } from "@tabler/icons-react";

import { ButtonLink } from "../components/ButtonLink";
import { EmptyState } from "../components/EmptyState";
import { paths } from "../paths";

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <EmptyState isPage icon={IconMapOff} title="There is no such page" action={<ButtonLink link={paths.alerts()}>Go to Alerts</ButtonLink>}>
      The link may be old, or what it led to has been deleted.
    </EmptyState>
  );
}
