import { Kbd, Modal, Table } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { paths } from "../paths";

const SHOW = "larum:shortcuts";

/** Milliseconds between the two keys of a shortcut such as `g a`. */
const SECOND_KEY_WITHIN = 1_200;

const shortcuts: { keys: string[]; does: string }[] = [
  { keys: ["/"], does: "Focus the filter, or the expression" },
  { keys: ["g", "a"], does: "Go to Alerts" },
  { keys: ["g", "i"], does: "Go to Silences" },
  { keys: ["g", "h"], does: "Go to History" },
  { keys: ["g", "p"], does: "Go to Policies" },
  { keys: ["g", "e"], does: "Go to Explore" },
  { keys: ["g", "d"], does: "Go to Deliveries" },
  { keys: ["g", "s"], does: "Go to Platform Settings" },
  { keys: ["Enter"], does: "Run the expression in Explore" },
  { keys: ["Esc"], does: "Close a panel or a dialog" },
  { keys: ["?"], does: "Show this list" },
];

/** Opens the list of shortcuts from anywhere. */
export function showShortcuts(): void {
  window.dispatchEvent(new Event(SHOW));
}

/** Keys that work on every page, and the list of them. */
export function Shortcuts() {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const open = () => setOpened(true);
    window.addEventListener(SHOW, open);
    return () => window.removeEventListener(SHOW, open);
  }, []);
  // Whether `?` and `/` need the shift key depends on the keyboard.
  useHotkeys([
    ["?", () => setOpened(true)],
    ["shift+?", () => setOpened(true)],
    ["/", focusFilter],
    ["shift+/", focusFilter],
  ]);
  useGoTo();
  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title="Keyboard shortcuts" centered>
      <Table withRowBorders={false} verticalSpacing={6}>
        <Table.Tbody>
          {shortcuts.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td>{does}</Table.Td>
              <Table.Td ta="right">
                {keys.map((key) => (
                  <Kbd key={key} ml={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function focusFilter(): void {
  const filter = document.querySelector<HTMLElement>("[data-filter]");
  filter?.focus();
  if (filter instanceof HTMLInputElement) filter.select();
}

/** `g`, then a letter, goes to a page. */
function useGoTo(): void {
  const navigate = useNavigate();
  const pressedAt = useRef(-Infinity);
  const go = (place: { to: string }) => (event: KeyboardEvent) => {
    if (event.timeStamp - pressedAt.current > SECOND_KEY_WITHIN) return;
    pressedAt.current = -Infinity;
    void navigate(place);
  };
  useHotkeys([
    ["g", (event) => { pressedAt.current = event.timeStamp; }],
    ["a", go(paths.alerts())],
    ["i", go(paths.silences())],
    ["h", go(paths.history())],
    ["p", go(paths.policies())],
    ["e", go(paths.explore())],
    ["d", go(paths.deliveries())],
    ["s", go(paths.settings())],
  ]);
}
