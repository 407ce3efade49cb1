import { Drawer } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

import { usePageTitle } from "./use-page-title";
import classes from "./SidePanel.module.css";

/** Details beside the list they belong to. */
export function SidePanel({ title, name, onClose, children }: { title: ReactNode; name: string; onClose: () => void; children: ReactNode }) {
  usePageTitle(name);
  useReturn();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={620} lockScroll={false}>
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content>
        <div className={classes.top}>
          <Drawer.Title className={classes.title} title={name}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** Gives the focus back to what opened the panel, so that the keyboard goes on in the list where it was. */
function useReturn(): void {
  useEffect(() => {
    const opener = document.activeElement;
    return () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
}
