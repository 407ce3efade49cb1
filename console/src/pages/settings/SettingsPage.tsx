import { Text } from "@mantine/core";
import { IconBrandSlack, IconKey, IconPower, IconStack2, IconUsers } from "@tabler/icons-react";
import { Link, Outlet } from "@tanstack/react-router";

import { useWriteRefusal } from "../../api/session";
import { Closed } from "../../components/Closed";
import { paths } from "../../paths";
import classes from "./SettingsPage.module.css";

/** *Platform Settings*: what can be set at the left, the page of it at the right. */
export default function SettingsPage() {
  const refusal = useWriteRefusal();
  if (refusal) {
    return (
      <Closed title="Platform Settings are closed to you" reason={`${refusal} Ask one of them to change something here or to give you the role.`} />
    );
  }
  return (
    <div className={classes.layout}>
      <nav className={classes.side} aria-label="Platform Settings">
        <Text className={classes.group}>Notification Management</Text>
        <Link {...paths.slack()} className={classes.link}>
          <IconBrandSlack size={18} stroke={1.7} /> Slack
        </Link>
        <Link {...paths.grouping()} className={classes.link}>
          <IconStack2 size={18} stroke={1.7} /> Grouping
        </Link>
        <Text className={classes.group}>Alerting</Text>
        <Link {...paths.alerting()} className={classes.link}>
          <IconPower size={18} stroke={1.7} /> Alerting
        </Link>
        <Text className={classes.group}>Access</Text>
        <Link {...paths.users()} className={classes.link}>
          <IconUsers size={18} stroke={1.7} /> Users
        </Link>
        <Link {...paths.tokens()} className={classes.link}>
          <IconKey size={18} stroke={1.7} /> Service tokens
        </Link>
      </nav>
      <div className={classes.content}>
        <Outlet />
      </div>
    </div>
  );
}
