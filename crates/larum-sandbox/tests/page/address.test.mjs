// Which channel and message the page's address asks for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wanted } from "../../page/address.js";

const cases = [
  ["/", "", null, null],
  ["/", "#alerts", "alerts", null],
  ["/", "#%C3%BCn%C3%AF", "ünï", null],
  ["/", "#%", "%", null],
  ["/archives/C0123ABCD", "", "C0123ABCD", null],
  ["/archives/C0123ABCD/p1700000000000100", "", "C0123ABCD", "1700000000.000100"],
  ["/archives/C0123ABCD/p1700000000000100", "#random", "random", null],
  ["/archives/C0123ABCD/p1", "", null, null],
  ["/archives/C0123ABCD/p1700000000000100\"]", "", null, null],
];

for (const [path, hash, channel, ts] of cases) {
  test(`${path}${hash}`, () => assert.deepEqual(wanted(path, hash), { channel, ts }));
}
