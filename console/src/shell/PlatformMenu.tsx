import { Button, Menu, Text, type MenuItemProps } from "@mantine/core";
import { IconBell, IconBellOff, IconBook, IconChartLine, IconChevronDown, IconDatabase, IconEyeOff, IconFileText, IconGridDots, IconHeartbeat, IconHistory, IconListCheck, IconSend, IconSettings } from "@tabler/icons-react";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

import { useWriteRefusal } from "../api/session";
import { paths } from "../paths";

/** What is looked at every day, as in the bar at the top. */
const pages = [
  { Icon: IconBell, name: "Alerts", place: paths.alerts() },
  { Icon: IconBellOff, name: "Silences", place: paths.silences() },
  { Icon: IconHistory, name: "History", place: paths.history() },
  { Icon: IconListCheck, name: "Policies", place: paths.policies() },
  { Icon: IconChartLine, name: "Explore", place: paths.explore() },
  { Icon: IconSend, name: "Deliveries", place: paths.deliveries() },
];

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
  return (
    <Menu withinPortal={false} withInitialFocusPlaceholder={false} position="bottom-start" width={260} offset={6} shadow="md">
      <Menu.Target>
        <Button variant="default" size="sm" px={10} leftSection={<IconGridDots size={16} />} rightSection={<IconChevronDown size={14} />}>
          Platform
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <PlatformSettings />
        <Menu.Divider />
        <Places places={pages} />
        <Menu.Divider />
        <Places places={platformPages} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Places({ places }: { places: typeof pages | typeof platformPages }) {
  return places.map(({ Icon, name, place }) => (
    <PlaceItem key={name} {...place} leftSection={<Icon size={18} />}>
      {name}
    </PlaceItem>
  ));
}

/** For a viewer it says why it is closed. */
function PlatformSettings() {
  const refusal = useWriteRefusal();
  const words = (
    <>
      <Text inherit c={refusal ? "dimmed" : undefined}>
        Platform Settings
      </Text>
      <Text size="xs" c="dimmed">
        {refusal ?? "Slack, grouping, alerting, users, service tokens"}
      </Text>
    </>
  );
  const icon = <IconSettings size={18} />;
  // The reason has to stay readable, so only the name looks switched off.
  if (refusal) return <Menu.Item leftSection={icon} disabled style={{ opacity: 1 }}>{words}</Menu.Item>;
  return <PlaceItem {...paths.settings()} leftSection={icon}>{words}</PlaceItem>;
}

type AnchorItemProps = MenuItemProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof MenuItemProps> & { ref?: Ref<HTMLAnchorElement> };

function AnchorItem({ ref, ...props }: AnchorItemProps) {
  return <Menu.Item ref={ref} component="a" {...props} />;
}

/** A link in a menu, which opens in a tab of its own like any other. */
const PlaceItem = createLink(AnchorItem);
