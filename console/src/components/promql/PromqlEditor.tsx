import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";

import { promqlExtensions } from "./setup";

interface PromqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** The id of what names it. */
  labelledBy: string;
  /** The id of what says what is wrong with it. */
  describedBy: string;
  invalid: boolean;
}

/** Prometheus' own editor of PromQL: completion from the metrics source, errors in place. */
export function PromqlEditor({ value, onChange, labelledBy, describedBy, invalid }: PromqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const tell = useEffectEvent(onChange);
  const begin = useEffectEvent((parent: HTMLElement) => {
    const attributes = { "aria-labelledby": labelledBy, "aria-describedby": describedBy, "aria-multiline": "true", spellcheck: "false" };
    const state = EditorState.create({ doc: value, extensions: promqlExtensions((text) => tell(text), attributes) });
    return new EditorView({ state, parent });
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
  }, [invalid]);
  return <div ref={place} />;
}
