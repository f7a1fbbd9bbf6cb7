// The order and the values of the commands for Google's dataLayer (basic Consent Mode v2).

import assert from "node:assert/strict";
import { test } from "node:test";

import { commands, conversions } from "../../static/js/google_commands.js";

const NOW = new Date("2026-03-01T12:00:00Z");
const ADS = "ad_storage ad_user_data";
const ALL_DENIED = {
  ad_storage: "denied",
  ad_user_data: "denied",
  ad_personalization: "denied",
  analytics_storage: "denied",
};
const ADS_GRANTED = {
  ad_storage: "granted",
  ad_user_data: "granted",
};
const COOKIES = { cookie_expires: 7776000, cookie_update: false, cookie_domain: "none" };
const NOT_PERSONAL = { allow_ad_personalization_signals: false };
const NO_SIGNALS = { allow_google_signals: false, allow_ad_personalization_signals: false };

const of = (tag) =>
  commands({ analytics: "", ads: "", consent: "", cookieSeconds: "7776000", now: NOW, ...tag });

// Red when: analytics grants an ad_* type, or configures the ads' id.
test("analytics alone grants analytics_storage alone", () => {
  assert.deepEqual(of({ analytics: "G-TEST", consent: "analytics_storage" }), [
    ["consent", "default", ALL_DENIED],
    ["consent", "update", { analytics_storage: "granted" }],
    ["set", "ads_data_redaction", true],
    ["js", NOW],
    ["config", "G-TEST", { ...COOKIES, ...NO_SIGNALS }],
  ]);
});

// Red when: marketing grants analytics_storage, or configures the analytics id.
test("marketing alone grants ad_storage and ad_user_data alone", () => {
  assert.deepEqual(of({ ads: "AW-1", consent: ADS }), [
    ["consent", "default", ALL_DENIED],
    ["consent", "update", ADS_GRANTED],
    ["set", "ads_data_redaction", false],
    ["js", NOW],
    ["config", "AW-1", { ...COOKIES, ...NOT_PERSONAL }],
  ]);
});

// Red when: an ad is personalized without the consent type that names it, or never, or by analytics.
test("ads are personalized only where the server grants it, and never from analytics", () => {
  const ids = { analytics: "G-TEST", ads: "AW-1" };
  const signalsOf = (consent) =>
    of({ ...ids, consent })
      .filter(([name]) => name === "config")
      .map(([, , values]) => values.allow_ad_personalization_signals);

  assert.deepEqual(signalsOf(`analytics_storage ${ADS}`), [false, false]);
  assert.deepEqual(signalsOf(`analytics_storage ${ADS} ad_personalization`), [false, true]);
});

test("both groups grant both and configure both ids, analytics first", () => {
  assert.deepEqual(
    of({ analytics: "G-TEST", ads: "AW-1", consent: `analytics_storage ${ADS}` }),
    [
      ["consent", "default", ALL_DENIED],
      ["consent", "update", { analytics_storage: "granted", ...ADS_GRANTED }],
      ["set", "ads_data_redaction", false],
      ["js", NOW],
      ["config", "G-TEST", { ...COOKIES, ...NO_SIGNALS }],
      ["config", "AW-1", { ...COOKIES, ...NOT_PERSONAL }],
    ],
  );
});

test("without a consent type nothing is granted and no id is configured", () => {
  assert.deepEqual(of({}), [
    ["consent", "default", ALL_DENIED],
    ["consent", "update", {}],
    ["set", "ads_data_redaction", true],
    ["js", NOW],
  ]);
});

// Red when: the default comes after another command, or denies fewer than four types.
test("the default that denies everything is the first command for every grant", () => {
  for (const consent of ["", "analytics_storage", ADS, `analytics_storage ${ADS}`]) {
    const [first, second] = of({ analytics: "G-TEST", ads: "AW-1", consent });
    assert.deepEqual(first, ["consent", "default", ALL_DENIED]);
    assert.deepEqual(second.slice(0, 2), ["consent", "update"]);
  }
});

// Red when: the life is passed on as text, which Google's tag ignores: its own is two years.
test("Google's cookies live for a number of seconds and are not prolonged", () => {
  const settings = of({ analytics: "G-TEST", ads: "AW-1", cookieSeconds: "86400" })
    .filter(([name]) => name === "config")
    .map(([, , values]) => values);

  assert.equal(settings.length, 2);
  for (const values of settings) {
    assert.equal(values.cookie_expires, 86400);
    assert.equal(values.cookie_update, false);
    assert.equal(values.cookie_domain, "none");
  }
});

test("the settings of analytics are not those of ads", () => {
  const [, , , , analytics, ads] = of({ analytics: "G-TEST", ads: "AW-1" });

  assert.notEqual(analytics[2], ads[2]);
  assert.ok(!("allow_google_signals" in ads[2]));
});

const EVENT = ["event", "sign_up", { send_to: "G-TEST", method: "trial" }];
const CONVERSION = ["event", "conversion", { send_to: "AW-1/LABEL" }];

// Red when: `conversions` returns an event for a group that is not granted, or one event twice.
for (const [tag, expected] of [
  [{ analytics: "G-TEST", adsConversion: "AW-1/LABEL" }, [EVENT, CONVERSION]],
  [{ analytics: "G-TEST", adsConversion: "" }, [EVENT]],
  [{ analytics: "", adsConversion: "AW-1/LABEL" }, [CONVERSION]],
  [{ analytics: "", adsConversion: "" }, []],
]) {
  test(`a started trial is ${expected.length} events for ${JSON.stringify(tag)}`, () => {
    assert.deepEqual(conversions(tag), expected);
  });
}

// Red when: an event gets a value, an id or anything else that differs from trial to trial.
test("every trial is counted by the same events, each sent to its own tag", () => {
  const tag = { analytics: "G-TEST", adsConversion: "AW-1/LABEL" };

  assert.deepEqual(conversions(tag), conversions(tag));
  for (const [, , values] of conversions(tag)) {
    assert.ok([tag.analytics, tag.adsConversion].includes(values.send_to));
  }
});
