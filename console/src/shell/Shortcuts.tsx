import { Kbd, Modal, Table } from "@mantine/core";
import { useHotkeys, type HotkeyItem } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { useIsAlertmanager } from "../api/session";
import { paths } from "../paths";
import { usePlaces, type Place } from "./places";

const SHOW = "larum:shortcuts";

/** Milliseconds between the two keys of a shortcut such as `g a`. */
const SECOND_KEY_WITHIN = 1_200;

interface Shortcut {
  keys: string[];
  does: string;
}

function shortcutsTo(pages: Place[], isAlertmanager: boolean): Shortcut[] {
  const going = pages.flatMap(({ key, name }) => (key ? [{ keys: ["g", key], does: `Go to ${name}` }] : []));
  if (isAlertmanager) return [{ keys: ["/"], does: "Focus the filter" }, ...going, ...always];
  return [
    { keys: ["/"], does: "Focus the filter, or the expression" },
    ...going,
    { keys: ["g", SETTINGS], does: "Go to Platform Settings" },
    { keys: ["Enter"], does: "Run the expression in Explore" },
    ...always,
  ];
}

const SETTINGS = "s";

const always: Shortcut[] = [
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
  const { pages, platform } = usePlaces();
  const isAlertmanager = useIsAlertmanager();
  const places = [...pages, ...platform];
  useGoTo(places, isAlertmanager);
  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title="Keyboard shortcuts" centered>
      <Table withRowBorders={false} verticalSpacing={6}>
        <Table.Tbody>
          {shortcutsTo(places, isAlertmanager).map(({ keys, does }) => (
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
function useGoTo(places: Place[], isAlertmanager: boolean): void {
  const navigate = useNavigate();
  const pressedAt = useRef(-Infinity);
  const go = (place: { to: string }) => (event: KeyboardEvent) => {
    if (event.timeStamp - pressedAt.current > SECOND_KEY_WITHIN) return;
    pressedAt.current = -Infinity;
    void navigate(place);
  };
  useHotkeys([
    ["g", (event) => { pressedAt.current = event.timeStamp; }],
    ...places.flatMap(({ key, link }): HotkeyItem[] => (key ? [[key, go(link)]] : [])),
    ...(isAlertmanager ? [] : [[SETTINGS, go(paths.settings())] satisfies HotkeyItem]),
  ]);
}
