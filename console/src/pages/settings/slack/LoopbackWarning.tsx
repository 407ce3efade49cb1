import { IconLinkOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { statusQuery } from "../../../api/status";
import { Notice } from "../../../components/Notice";

/** Links in messages that only work on the machine Larum runs on. */
export function LoopbackWarning() {
  const { data: status } = useQuery(statusQuery);
  if (!status?.external_url_is_loopback) return null;
  return (
    <Notice tone="amber" icon={IconLinkOff} title="Links in messages work on this machine only">
      Messages link to <code>{status.external_url}</code>. Start Larum with <code>--web.external-url</code> set to the
      address under which others reach this console.
    </Notice>
  );
}
