import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";

import { promqlExtensions } from "./setup";

export interface PromqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** What Enter does; without it Enter begins a new line. */
  onRun?: () => void;
  /** The id of what names it. */
  labelledBy: string;
  /** The id of what is said about it, what is wrong above all. */
  describedBy: string;
  invalid: boolean;
  /** Shown while nothing is typed. */
  hint?: string;
  /** Pixels. */
  leastHeight?: number;
}

/** Prometheus' own editor of PromQL: completion from the metrics source, errors in place. */
export function PromqlEditor({ value, onChange, onRun, labelledBy, describedBy, invalid, hint = "up == 0", leastHeight = 84 }: PromqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const tell = useEffectEvent(onChange);
  const run = useEffectEvent(() => onRun?.());
  const begin = useEffectEvent((parent: HTMLElement) => {
    // Where it is what a page is about, the key of the filter leads to it.
    const attributes = { "aria-labelledby": labelledBy, "aria-multiline": "true", spellcheck: "false", ...(onRun ? { "data-filter": "" } : {}) };
    const extensions = promqlExtensions({ onChange: (text) => tell(text), onRun: onRun && (() => run()), attributes, hint, leastHeight });
    return new EditorView({ state: EditorState.create({ doc: value, extensions }), parent });
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const made = begin(place.current);
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    view.current?.contentDOM.setAttribute("aria-invalid", String(invalid));
    view.current?.contentDOM.setAttribute("aria-describedby", describedBy);
  }, [invalid, describedBy]);
  return <div ref={place} />;
}
