import { Button, Menu, Text, type MenuItemProps } from "@mantine/core";
import { IconChevronDown, IconGridDots, IconSettings } from "@tabler/icons-react";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

import { useIsAlertmanager, useWriteRefusal } from "../api/session";
import { paths } from "../paths";
import { usePlaces, type Place } from "./places";

/** The *Platform* button: every place of the console, *Platform Settings* first where there are any. */
export function PlatformMenu() {
  const { pages, platform } = usePlaces();
  const hasSettings = !useIsAlertmanager();
  return (
    <Menu withinPortal={false} withInitialFocusPlaceholder={false} position="bottom-start" width={260} offset={6} shadow="md">
      <Menu.Target>
        <Button variant="default" size="sm" px={10} leftSection={<IconGridDots size={16} />} rightSection={<IconChevronDown size={14} />}>
          Platform
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {hasSettings && <PlatformSettings />}
        {hasSettings && <Menu.Divider />}
        <Places places={pages} />
        <Menu.Divider />
        <Places places={platform} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Places({ places }: { places: Place[] }) {
  return places.map(({ Icon, name, link }) => (
    <PlaceItem key={name} {...link} leftSection={<Icon size={18} />}>
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
