import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { receiverNamesQuery } from "../../api/receivers";
import type { DeliveriesSearch } from "../../paths";

interface DeliveryFiltersProps {
  search: DeliveriesSearch;
  onChange: (patch: DeliveriesSearch) => void;
}

/** Chooses a channel, and a receiver where there are several. */
export function DeliveryFilters({ search, onChange }: DeliveryFiltersProps) {
  const { data } = useQuery(receiverNamesQuery);
  const receivers = data?.receivers ?? [];
  const channels = new Set(receivers.flatMap((receiver) => receiver.channels));
  // The address may name one that was removed since; the log still has it.
  if (search.channel) channels.add(search.channel);
  return (
    <>
      <Select
        aria-label="Channel"
        placeholder="Any channel"
        data-filter
        searchable
        selectFirstOptionOnChange
        clearable
        w={{ base: "100%", sm: 220 }}
        nothingFoundMessage="No receiver has such a channel"
        data={[...channels].sort()}
        value={search.channel ?? null}
        onChange={(channel) => onChange({ channel: channel ?? undefined })}
      />
      {(receivers.length > 1 || search.receiver !== undefined) && (
        <Select
          aria-label="Receiver"
          placeholder="Any receiver"
          clearable
          w={{ base: "100%", sm: 180 }}
          data={receivers.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={search.receiver ?? null}
          onChange={(receiver) => onChange({ receiver: receiver ?? undefined })}
        />
      )}
    </>
  );
}
