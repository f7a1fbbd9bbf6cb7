// What stored.js reads of a browser's storage, and the declaration that it finds.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cookieNames, declarationOf, keysOf, shown } from "../../static/js/stored.js";

// Red when: `cookieNames` splits a value, keeps a space, or lists a name on two paths twice.
for (const [cookies, expected] of [
  ["", []],
  ["a=1", ["a"]],
  ["a=1; b=x=y; c=", ["a", "b", "c"]],
  ["a=1; a=2", ["a"]],
  ["nameless", [""]],
  ["=nameless", [""]],
  ["na me=1;b=2", ["na me", "b"]],
  ["__proto__=1; constructor=1", ["__proto__", "constructor"]],
]) {
  test(`the cookies ${JSON.stringify(cookies)} have the names ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(cookieNames(cookies), expected);
  });
}

// Red when: `keysOf` uses Object.keys(), which leaves out a key that is also a member of Storage.
test("a key with the name of a member of Storage is listed too", () => {
  const keys = ["length", "getItem", "theme"];
  assert.deepEqual(keysOf({ length: 3, key: (index) => keys[index] }), keys);
});

const DECLARATIONS = [
  { kind: "cookie", pattern: "_ga_*" },
  { kind: "cookie", pattern: "_ga_1" },
  { kind: "local", pattern: "_ga" },
  { kind: "cookie", pattern: "" },
  { kind: "local", pattern: "" },
];

// Red when: a pattern wins over an exact name, matches its own beginning, or a name of another kind.
for (const [kind, name, expected] of [
  ["cookie", "_ga_1", "_ga_1"],
  ["cookie", "_ga_2", "_ga_*"],
  ["cookie", "_ga_", ""],
  ["cookie", "x_ga_2", ""],
  ["cookie", "_ga", ""],
  ["cookie", "", ""],
  ["local", "_ga", "_ga"],
  ["local", "_ga_1", ""],
]) {
  test(`${name || "no name"} in ${kind} is declared as ${expected || "nothing"}`, () => {
    assert.deepEqual(declarationOf(DECLARATIONS, kind, name), { kind, pattern: expected });
  });
}

// Red when: `shown` cuts a character in two, or a name that fits.
test("a long name is cut between characters", () => {
  assert.equal(shown("x".repeat(100)), "x".repeat(100));
  assert.equal(shown("🍪".repeat(101)), `${"🍪".repeat(99)}…`);
});
