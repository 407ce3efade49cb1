import { Switch, Text, TextInput } from "@mantine/core";

import { fieldError, type ApiProblem } from "../../../api/problem";
import type { Receiver } from "../../../api/types";
import { Section } from "../../../components/Section";
import type { ReceiverForm } from "./receiver-form";

/** The name that tells this receiver from others. */
export function NameSection({ form, onChange, problem }: { form: ReceiverForm; onChange: (form: ReceiverForm) => void; problem: ApiProblem | null }) {
  return (
    <Section title="Receiver">
      <TextInput
        label="Name"
        description="Tells it apart from other receivers, here and in the delivery log."
        maw={420}
        value={form.name}
        error={fieldError(problem, "name")}
        onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
      />
    </Section>
  );
}

interface ReceiveNotificationsProps {
  form: ReceiverForm;
  saved: Receiver | null;
  onChange: (form: ReceiverForm) => void;
}

/** The switch; like everything here it applies with *Save* or *Update*. */
export function ReceiveNotifications({ form, saved, onChange }: ReceiveNotificationsProps) {
  return (
    <Section
      title="Receive Notifications"
      aside={
        <Switch
          size="md"
          aria-label="Receive Notifications"
          checked={form.enabled}
          onChange={(event) => onChange({ ...form, enabled: event.currentTarget.checked })}
        />
      }
    >
      <Text size="sm" c="dimmed">
        {words(form.enabled, saved)}
      </Text>
    </Section>
  );
}

function words(enabled: boolean, saved: Receiver | null): string {
  const isApplied = saved !== null && saved.enabled === enabled;
  if (enabled) return isApplied ? "On: the channels hear about alerts that meet the conditions." : "The channels will hear about alerts once you save.";
  return isApplied ? "Off: nobody is told through this receiver." : "Off. Turn it on so that the channels hear about alerts.";
}
