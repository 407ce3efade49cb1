import { Button, Menu, Text } from "@mantine/core";
import { IconBell, IconBook, IconChevronDown, IconDatabase, IconEyeOff, IconFileText, IconGridDots, IconHeartbeat, IconListCheck, IconSend, IconSettings } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";

import { useWriteRefusal } from "../api/session";
import { paths } from "../paths";

/** What Larum works with, in the order in which an alert meets it. */
const platformPages = [
  { Icon: IconDatabase, name: "Metrics source", place: paths.metricsSource() },
  { Icon: IconFileText, name: "Rule files", place: paths.ruleFiles() },
  { Icon: IconEyeOff, name: "Inhibition rules", place: paths.inhibitions() },
  { Icon: IconHeartbeat, name: "Heartbeats", place: paths.heartbeats() },
  { Icon: IconBook, name: "Runbooks", place: paths.runbooks() },
];

/** The *Platform* button: every place of the console, *Platform Settings* first. */
export function PlatformMenu() {
  const navigate = useNavigate();
  const refusal = useWriteRefusal();
  return (
    <Menu withinPortal={false} withInitialFocusPlaceholder={false} position="bottom-start" width={260} offset={6} shadow="md">
      <Menu.Target>
        <Button variant="default" size="sm" px={10} leftSection={<IconGridDots size={16} />} rightSection={<IconChevronDown size={14} />}>
          Platform
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconSettings size={18} />}
          disabled={refusal !== null}
          // The reason has to stay readable, so only the name looks switched off.
          style={{ opacity: 1 }}
          onClick={() => void navigate(paths.settings())}
        >
          <Text inherit c={refusal ? "dimmed" : undefined}>
            Platform Settings
          </Text>
          <Text size="xs" c="dimmed">
            {refusal ?? "Slack, grouping, alerting, users, service tokens"}
          </Text>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconBell size={18} />} onClick={() => void navigate(paths.alerts())}>
          Alerts
        </Menu.Item>
        <Menu.Item leftSection={<IconListCheck size={18} />} onClick={() => void navigate(paths.policies())}>
          Policies
        </Menu.Item>
        <Menu.Item leftSection={<IconSend size={18} />} onClick={() => void navigate(paths.deliveries())}>
          Deliveries
        </Menu.Item>
        <Menu.Divider />
        {platformPages.map(({ Icon, name, place }) => (
          <Menu.Item key={name} leftSection={<Icon size={18} />} onClick={() => void navigate(place)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
