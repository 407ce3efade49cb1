import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { EditorState, Prec, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, hoverTooltip, keymap, placeholder, type Tooltip } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";

import { addressOf } from "../../base";

/** What the metrics source says of its metrics, asked once. */
type Metadata = Record<string, { type: string; help: string; unit?: string }[]>;

/** Names, labels and values for completion come from Larum itself, with the cookie of the session. */
function promql(): Extension {
  const extension = new PromQLExtension().setComplete({ remote: { url: addressOf("").replace(/\/$/, ""), httpMethod: "GET", cache: { maxAge: 60_000 } } });
  return extension.asExtension();
}

/** Colours by the page's names for them, so that light and dark need no two styles. */
const highlight = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--iris-text)", fontWeight: "600" },
  { tag: [tags.function(tags.variableName), tags.standard(tags.name)], color: "var(--iris-text)" },
  { tag: tags.number, color: "var(--orange-text)" },
  { tag: tags.string, color: "var(--green-text)" },
  { tag: [tags.operator, tags.modifier, tags.arithmeticOperator, tags.compareOperator, tags.logicOperator, tags.operatorKeyword], color: "var(--red-text)" },
  { tag: tags.labelName, color: "var(--blue-text)" },
  { tag: tags.comment, color: "var(--text-dimmed)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--red-text)" },
]);

const look = EditorView.theme({
  "&": { fontSize: "13px", backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)", borderRadius: "8px", border: "1px solid var(--line-strong)" },
  "&.cm-focused": { outline: "none", borderColor: "var(--mantine-primary-color-filled)" },
  ".cm-content": { fontFamily: "var(--mantine-font-family-monospace)", padding: "10px 4px", caretColor: "var(--mantine-color-text)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--iris-soft)" },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--iris-soft)", outline: "1px solid var(--iris)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--mantine-color-text)", border: "1px solid var(--line-strong)", borderRadius: "8px", maxWidth: "min(480px, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--mantine-primary-color-filled)", color: "white" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 10px", fontSize: "12px" },
  ".cm-completionDetail": { color: "var(--text-dimmed)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-diagnostic": { fontFamily: "var(--mantine-font-family)", padding: "6px 10px" },
});

/** What a metric is, in the words of whoever exports it, under the pointer. */
const metricHover = hoverTooltip(async (view, position): Promise<Tooltip | null> => {
  const { from, text } = view.state.doc.lineAt(position);
  const word = [...text.matchAll(/[a-zA-Z_:][\w:]*/g)].find(({ index, 0: found }) => from + index <= position && position <= from + index + found.length);
  if (!word) return null;
  const name = word[0];
  const answer = await globalThis.fetch(addressOf(`api/v1/metadata?metric=${encodeURIComponent(name)}`)).catch(() => null);
  if (!answer?.ok) return null;
  const { data } = (await answer.json()) as { data?: Metadata };
  const known = data?.[name]?.[0];
  if (!known) return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.style.padding = "6px 10px";
    dom.textContent = `${name} (${known.type}): ${known.help}`;
    return { dom };
  };
  return { pos: from + word.index, end: from + word.index + name.length, above: true, create };
});

/** How an editor is set up. */
interface Setup {
  onChange: (text: string) => void;
  /** What Enter does, and Ctrl or Cmd with Enter; Shift with Enter then begins a new line. */
  onRun?: (() => void) | undefined;
  /** Of the element that is typed into. */
  attributes: Record<string, string>;
  /** Shown while nothing is typed. */
  hint: string;
  /** Pixels. */
  leastHeight: number;
}

/** Everything that makes a text box an editor of PromQL. */
export function promqlExtensions({ onChange, onRun, attributes, hint, leastHeight }: Setup): Extension {
  return [
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    syntaxHighlighting(highlight),
    promql(),
    metricHover,
    look,
    EditorView.theme({ ".cm-content": { minHeight: `${leastHeight}px` } }),
    placeholder(hint),
    EditorView.lineWrapping,
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of(attributes),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
    // Tab goes on to the next input, unless a completion is open: then it takes it.
    Prec.highest(keymap.of([{ key: "Tab", run: acceptCompletion }])),
    onRun ? runKeys(onRun) : [],
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
  ];
}

/** As at Prometheus. A completion that is open takes Enter first. */
function runKeys(onRun: () => void): Extension {
  const run = () => {
    onRun();
    return true;
  };
  return Prec.high(keymap.of([{ key: "Enter", run, shift: insertNewlineAndIndent }, { key: "Mod-Enter", run }]));
}
