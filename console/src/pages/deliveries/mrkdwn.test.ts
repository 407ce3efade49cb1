import { expect, it } from "vitest";

import { piecesOf } from "./mrkdwn";

it("knows the marks of a message", () => {
  expect(piecesOf(":red_circle: *<http://larum/alerts/7|Disk full>*  `critical`\n*Since*\n<!date^60^{time}|then> (5 minutes)")).toEqual([
    { kind: "text", text: "🔴 " },
    { kind: "link", text: "Disk full", url: "http://larum/alerts/7", isBold: true },
    { kind: "text", text: "  " },
    { kind: "code", text: "critical" },
    { kind: "text", text: "\n" },
    { kind: "bold", text: "Since" },
    { kind: "text", text: "\n" },
    { kind: "date", at: 60_000 },
    { kind: "text", text: " (5 minutes)" },
  ]);
});

it("leaves text alone that only looks like a mark", () => {
  expect(piecesOf("&lt;!channel&gt; 2 * 3 * 4 &amp;lt; <javascript:alert(1)|x>")).toEqual([
    { kind: "text", text: "<!channel> 2 " },
    { kind: "bold", text: " 3 " },
    { kind: "text", text: " 4 &lt; <javascript:alert(1)|x>" },
  ]);
});
