// The decisions of decide.js: after a press, after an answer, after a return from the history.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  decide,
  externalOrigin,
  fragmentOf,
  isStale,
  outcomeOf,
  readFragment,
} from "../../static/js/decide.js";

const VALUES = ["accept", "reject", "choose", "save"];

const PAGES = {
  "any page": { hasGrant: false, showsChoice: false, isPosted: false },
  "a page with a grant": { hasGrant: true, showsChoice: false, isPosted: false },
  "the cookie page": { hasGrant: false, showsChoice: true, isPosted: false },
  "the cookie page with a grant": { hasGrant: true, showsChoice: true, isPosted: false },
  "the answer to a form": { hasGrant: false, showsChoice: false, isPosted: true },
  "the cookie page as an answer": { hasGrant: false, showsChoice: true, isPosted: true },
};
const REFUSALS = [["reject", false], ["reject", true], ["save", false]];
const GRANTS = [["accept", false], ["accept", true], ["save", true]];

// Red when: `refuses` or `grants` leaves out a case, or one of the three conditions is not checked.
for (const [page, afterRefusal, afterGrant] of [
  ["any page", "send", "reload"],
  ["a page with a grant", "submit", "reload"],
  ["the cookie page", "reload", "reload"],
  ["the cookie page with a grant", "submit", "reload"],
  ["the answer to a form", "send", "submit"],
  ["the cookie page as an answer", "submit", "submit"],
]) {
  for (const [presses, expected] of [[REFUSALS, afterRefusal], [GRANTS, afterGrant]]) {
    for (const [value, anyTicked] of presses) {
      test(`${value} (${anyTicked ? "ticked" : "unticked"}) on ${page} means ${expected}`, () => {
        assert.equal(decide({ value, anyTicked, ...PAGES[page] }), expected);
      });
    }
  }
  for (const anyTicked of [true, false]) {
    test(`choose (${anyTicked ? "ticked" : "unticked"}) on ${page} opens the groups`, () => {
      assert.equal(decide({ value: "choose", anyTicked, ...PAGES[page] }), "open");
    });
  }
}

// Red when: `decide` answers "send" for accept or for ticked groups: then no tag would run.
test("after a grant there is always a new page: the server renders what it allows", () => {
  for (const page of Object.values(PAGES)) {
    for (const [value, anyTicked] of GRANTS) {
      assert.notEqual(decide({ value, anyTicked, ...page }), "send");
    }
  }
});

test("an unknown button is left to the server", () => {
  for (const value of ["", "ACCEPT", "__proto__", "toString"]) {
    assert.ok(!VALUES.includes(value));
    assert.equal(decide({ value, anyTicked: false, ...PAGES["any page"] }), "submit");
  }
});

test("204 means that a choice is saved", () => {
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

// Red when: `fragmentOf` and `readFragment` write and read different fragments.
for (const [outcome, id] of [["done", "saved"], ["unrecorded", "unrecorded"]]) {
  test(`after "${outcome}" the page shows the line ${id} in the same place`, () => {
    assert.deepEqual(readFragment(fragmentOf(outcome, 600.4)), { id, place: 600 });
    assert.deepEqual(readFragment(fragmentOf(outcome, 0)), { id, place: 0 });
    assert.deepEqual(readFragment(fragmentOf(outcome, -20)), { id, place: 0 });
  });
}

test("the fragment of the server names no place", () => {
  assert.deepEqual(readFragment("#saved"), { id: "saved", place: 0 });
});

// Red when: `readFragment` takes any fragment for an id.
test("another fragment shows no line", () => {
  for (const hash of ["", "#", "#s13-4", "#content", "#saved-x", "#saved-", "#unsaved", "#saved-1e9"]) {
    assert.deepEqual(readFragment(hash), { id: "", place: 0 }, hash);
  }
});

// Red when: `isStale` reads only one of the events, or reloads pages that do not depend on a choice.
for (const [event, expected] of [
  [{ dependsOnChoice: true, isPersisted: true }, true],
  [{ dependsOnChoice: true, choiceMade: true }, true],
  [{ dependsOnChoice: true, isPersisted: true, choiceMade: true }, true],
  [{ dependsOnChoice: true, isPersisted: false }, false],
  [{ dependsOnChoice: true }, false],
  [{ dependsOnChoice: false, isPersisted: true }, false],
  [{ dependsOnChoice: false, choiceMade: true }, false],
  [{ dependsOnChoice: false }, false],
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
