import { createTheme, Modal, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The accent: an indigo, because red, amber, green and blue already mean something on these pages. */
const iris: MantineColorsTuple = [
  "#f1f1fd", "#e0e0f8", "#c2c1f0", "#a09ee8", "#817edf", "#6a66d8", "#5a54d0", "#4f46c8", "#423aa8", "#352f86",
];

/** Cool greys; index 6 is the dimmed text of light pages and keeps a contrast of 4.5 on white. */
const gray: MantineColorsTuple = [
  "#f7f8fa", "#f0f2f5", "#e5e8ed", "#d8dce4", "#c3c9d4", "#98a1b0", "#5c6676", "#48515f", "#2f3642", "#1a1f28",
];

/** Dark surfaces from text (0) to the page (7); index 2 is dimmed text and keeps 4.5 on the page. */
const dark: MantineColorsTuple = [
  "#dfe3ea", "#bcc3cf", "#97a0af", "#6d7686", "#343a46", "#272c36", "#1a1e26", "#12151b", "#0d0f14", "#08090c",
];

/** What destroys, and what failed; white on 6 and 7 keeps a contrast of 4.5. */
const red: MantineColorsTuple = [
  "#fdecec", "#fbd5d7", "#f5a9ad", "#ee7f86", "#e75a64", "#e03c49", "#d72638", "#bf1f30", "#a8182a", "#861322",
];

const font =
  'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';

/** Larum's look. Sizes stay Mantine's; only colours, corners and fonts differ. */
export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 6 },
  colors: { iris, gray, dark, red },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: font,
  fontFamilyMonospace: 'ui-monospace, "JetBrains Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  components: {
    // A dialog is no page of its own: its header is no banner.
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "presentation" } } } }),
  },
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "1.375rem", lineHeight: "1.3" }, h2: { fontSize: "1.0625rem", lineHeight: "1.4" } } },
});

/** Names for surfaces, so that style sheets need no knowledge of the colour scheme. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-placeholder": "#6b7484",
    "--mantine-color-error": "#b42318",
    "--page": gray[0],
    "--surface": "#ffffff",
    "--surface-quiet": gray[1],
    "--line": gray[2],
    "--line-strong": gray[3],
    "--text-dimmed": gray[6],
    "--accent-text": iris[7],
  },
  dark: {
    "--mantine-color-body": dark[7],
    "--mantine-color-placeholder": "#8a93a3",
    "--mantine-color-error": "#ff8a80",
    "--page": dark[8],
    "--surface": dark[7],
    "--surface-quiet": dark[6],
    "--line": dark[5],
    "--line-strong": dark[4],
    "--text-dimmed": dark[2],
    "--accent-text": iris[3],
    "--mantine-color-iris-light-color": iris[2],
    "--mantine-color-red-light-color": "#ff9b9b",
  },
});
