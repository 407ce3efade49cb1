import { Tooltip } from "@mantine/core";

import { clock, exact, INSTANT } from "./time";
import { useNow } from "./use-now";

/** A sentence of Larum's. It names times in UTC, for it may be read anywhere; here they stand as on the clock on the wall. */
export function Sentence({ text }: { text: string }) {
  return text.split(INSTANT).map((part, index) => (index % 2 === 0 ? part : <Instant key={index} at={part} />));
}

function Instant({ at }: { at: string }) {
  const now = useNow();
  const moment = Date.parse(at);
  // What somebody wrote into a comment may only look like a time.
  if (Number.isNaN(moment)) return at;
  return (
    <Tooltip label={exact(moment)} openDelay={150}>
      <time dateTime={at} className="tabular">
        {clock(moment, now)}
      </time>
    </Tooltip>
  );
}
