import { Anchor } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { runbookNamesQuery } from "../../api/runbooks";
import { statusQuery } from "../../api/status";
import { paths } from "../../paths";

interface RunbookLinkProps {
  /** The address that a policy or an alert names, if it names one. */
  address: string | null | undefined;
  /** The name of the alerts: Larum may have a page about them. */
  name: string;
}

/** Where it is written what to do: at the address that was given, or in Larum's own page about alerts of the name. */
export function RunbookLink({ address, name }: RunbookLinkProps) {
  const { data: names } = useQuery(runbookNamesQuery);
  const { data: status } = useQuery(statusQuery);
  const own = ownRunbook(address, status?.external_url) ?? (!address && names?.has(name) ? name : null);
  if (own !== null) return <Link {...paths.runbook(own)}>{own}</Link>;
  if (!address) return null;
  if (!/^https?:\/\//.test(address)) return address;
  return (
    <Anchor href={address} target="_blank" rel="noreferrer" inherit>
      {address} <IconExternalLink size={13} />
    </Anchor>
  );
}

/** Whether there is anything to show. */
export function useHasRunbook(address: string | null | undefined, name: string): boolean {
  const { data: names } = useQuery(runbookNamesQuery);
  return Boolean(address) || (names?.has(name) ?? false);
}

/** The name of the page if the address leads to one of Larum's own. */
export function ownRunbook(address: string | null | undefined, externalUrl: string | undefined): string | null {
  const base = externalUrl?.replace(/\/$/, "");
  const path = base && address?.startsWith(`${base}/`) ? address.slice(base.length) : address;
  return /^\/runbooks\/([\w-]+)$/.exec(path ?? "")?.[1] ?? null;
}
