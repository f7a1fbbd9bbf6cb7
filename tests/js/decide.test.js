// The decisions of decide.js: after a press, after an answer, after a return from the history.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decide, externalOrigin, isStale, outcomeOf } from "../../static/js/decide.js";

const VALUES = ["accept", "reject", "choose", "save"];

// Red when: `refuses` leaves out a case, or `mustReload` is not checked.
for (const [value, anyTicked, mustReload, expected] of [
  ["choose", false, false, "open"],
  ["choose", true, false, "open"],
  ["choose", false, true, "open"],
  ["reject", false, false, "send"],
  ["reject", true, false, "send"],
  ["reject", false, true, "submit"],
  ["reject", true, true, "submit"],
  ["save", false, false, "send"],
  ["save", false, true, "submit"],
  ["save", true, false, "submit"],
  ["save", true, true, "submit"],
  ["accept", false, false, "submit"],
  ["accept", true, false, "submit"],
  ["accept", false, true, "submit"],
]) {
  const page = `${anyTicked ? "ticked" : "unticked"}, ${mustReload ? "shows" : "shows no"} grant`;
  test(`${value} (${page}) means ${expected}`, () => {
    assert.equal(decide({ value, anyTicked, mustReload }), expected);
  });
}

// Red when: `decide` answers "send" for accept or for ticked groups.
test("a grant is never sent in the background: the server renders what it allows", () => {
  for (const anyTicked of [true, false]) {
    for (const mustReload of [true, false]) {
      assert.notEqual(decide({ value: "accept", anyTicked, mustReload }), "send");
      assert.notEqual(decide({ value: "save", anyTicked: true, mustReload }), "send");
    }
  }
});

test("an unknown button is left to the server", () => {
  for (const value of ["", "ACCEPT", "__proto__", "toString"]) {
    assert.ok(!VALUES.includes(value));
    assert.equal(decide({ value, anyTicked: false, mustReload: false }), "submit");
  }
});

test("204 means that a refusal is saved", () => {
  assert.equal(outcomeOf(204), "done");
});

test("202 means that a refusal is in force without a receipt", () => {
  assert.equal(outcomeOf(202), "unrecorded");
});

test("409 means that the form must be sent again, for a page", () => {
  assert.equal(outcomeOf(409), "submit");
});

// Red when: `outcomeOf` counts another answer, such as a redirect, as saved.
test("any other status means that nothing is saved", () => {
  const others = [0, 200, 201, 203, 205, 301, 303, 400, 403, 404, 413, 415, 429, 500, 503];
  for (const status of others) assert.equal(outcomeOf(status), "failed", String(status));
});

// Red when: `isStale` reads only one of the events, or reloads pages without tags.
for (const [event, expected] of [
  [{ hasTags: true, isPersisted: true }, true],
  [{ hasTags: true, choiceMade: true }, true],
  [{ hasTags: true, isPersisted: true, choiceMade: true }, true],
  [{ hasTags: true, isPersisted: false }, false],
  [{ hasTags: true }, false],
  [{ hasTags: false, isPersisted: true }, false],
  [{ hasTags: false, choiceMade: true }, false],
  [{ hasTags: false }, false],
]) {
  test(`${JSON.stringify(event)} is ${expected ? "" : "not "}stale`, () => {
    assert.equal(isStale(event), expected);
  });
}

// Red when: `externalOrigin` keeps the path, or the origin of our own site.
for (const [referrer, expected] of [
  ["https://www.google.com/search?q=secret#x", "https://www.google.com"],
  ["https://www.google.com", "https://www.google.com"],
  ["https://www.google.com?q=secret", "https://www.google.com"],
  ["http://ads.example:8080/path", "http://ads.example:8080"],
  ["https://voipstudio.pl/cennik/", ""],
  ["https://voipstudio.pl", ""],
  ["https://voipstudio.pl.evil.example/", "https://voipstudio.pl.evil.example"],
  ["http://voipstudio.pl/", "http://voipstudio.pl"],
  ["android-app://com.google/", ""],
  ["javascript:alert(1)//https://a.example/", ""],
  ["not https://a.example/", ""],
  ["https://", ""],
  ["", ""],
]) {
  test(`of the referrer ${JSON.stringify(referrer)} only ${JSON.stringify(expected)} is kept`, () => {
    assert.equal(externalOrigin(referrer, "https://voipstudio.pl"), expected);
  });
}
