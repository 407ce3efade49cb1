import { Group, Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import classes from "./PageHeader.module.css";
import { usePageTitle } from "./use-page-title";

interface PageHeaderProps {
  title: string;
  /** One sentence below the title. */
  lead?: ReactNode;
  /** Buttons at the right end. */
  actions?: ReactNode;
  /** The page above this one. `link` comes from `paths`. */
  up?: { link: { to: string }; name: string };
}

/** The top of every page; also names the browser's tab. */
export function PageHeader({ title, lead, actions, up }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
      <div style={{ flex: "1 1 280px", minWidth: 0 }}>
        {up && (
          <Link {...up.link} className={classes.up}>
            <IconChevronLeft size={15} aria-hidden /> {up.name}
          </Link>
        )}
        <Title order={1} className="wrap-anywhere">
          {title}
        </Title>
        {lead && (
          <Text size="sm" c="dimmed" mt={2} maw={760}>
            {lead}
          </Text>
        )}
      </div>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
