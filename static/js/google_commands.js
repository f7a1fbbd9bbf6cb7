// The commands for Google's dataLayer. Consent Mode v2 needs this order: first everything is denied.

const TYPES = ["ad_storage", "ad_user_data", "ad_personalization", "analytics_storage"];

/**
 * @param {{analytics: string, ads: string, consent: string, cookieSeconds: string, now: Date}} tag
 * @returns {Array<Array<unknown>>} one array of arguments per command
 */
export function commands({ analytics, ads, consent, cookieSeconds, now }) {
  const granted = consent.split(" ").filter(Boolean);
  const settings = {
    cookie_expires: Number(cookieSeconds),
    cookie_update: false, // otherwise every page view prolongs the declared life (I12)
    cookie_domain: "none", // the host alone, not its subdomains
  };
  const commands = [
    ["consent", "default", Object.fromEntries(TYPES.map((type) => [type, "denied"]))],
    ["consent", "update", Object.fromEntries(granted.map((type) => [type, "granted"]))],
    ["set", "ads_data_redaction", !granted.includes("ad_storage")],
    ["js", now],
  ];
  if (analytics) {
    // Google signals would use analytics data for ads, which the text of the group does not name (I19).
    const signals = { allow_google_signals: false, allow_ad_personalization_signals: false };
    commands.push(["config", analytics, { ...settings, ...signals }]);
  }
  if (ads) {
    const personalizes = granted.includes("ad_personalization");
    commands.push(["config", ads, { ...settings, allow_ad_personalization_signals: personalizes }]);
  }
  return commands;
}

/**
 * One event in Analytics and one conversion in Ads, without data about the person.
 * @param {{analytics: string, adsConversion: string}} tag empty where a group is not granted
 * @returns {Array<Array<unknown>>} one array of arguments per command
 */
export function conversions({ analytics, adsConversion }) {
  const events = [];
  if (analytics) events.push(["event", "sign_up", { send_to: analytics, method: "trial" }]);
  if (adsConversion) events.push(["event", "conversion", { send_to: adsConversion }]);
  return events;
}
