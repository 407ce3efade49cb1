import { lineColor, lineDash } from "./scale";

/** The sign of a line beside its name, drawn as the line is. */
export function LineKey({ place }: { place: number }) {
  return (
    <svg width={16} height={4} aria-hidden style={{ flex: "none", alignSelf: "center", verticalAlign: "middle" }}>
      <line x1={0} x2={16} y1={2} y2={2} stroke={lineColor(place)} strokeWidth={3} strokeDasharray={lineDash(place)} />
    </svg>
  );
}
