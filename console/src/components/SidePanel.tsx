import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

import { usePageTitle } from "./use-page-title";

/** Details beside the list they belong to. */
export function SidePanel({ title, name, onClose, children }: { title: ReactNode; name: string; onClose: () => void; children: ReactNode }) {
  usePageTitle(name);
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={620} lockScroll={false}>
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content>
        <Drawer.Header style={{ alignItems: "flex-start", gap: 12 }}>
          <Drawer.Title style={{ flex: 1, minWidth: 0, fontWeight: 650, fontSize: 17 }} className="wrap-anywhere">
            {title}
          </Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </Drawer.Header>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
