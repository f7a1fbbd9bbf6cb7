// Decides what a choice does, in pure functions for `ask.js`.

/**
 * @typedef {object} Press
 * @property {string} value the value of the button: accept, reject, choose or save
 * @property {boolean} anyTicked whether any group is ticked
 * @property {boolean} hasGrant whether the page was made for a grant: it shows it, or runs tags
 * @property {boolean} showsChoice whether the page says what was chosen: the cookie page
 * @property {boolean} isPosted whether the page answers a form, which a reload would send again
 */

/**
 * What to do when a button is pressed.
 * @param {Press} press
 * @returns {"open" | "send" | "reload" | "submit"} open the groups; send the form in the background,
 *     and close the banner; send it so, and load the page again; or let the browser submit the form
 */
export function decide({ value, anyTicked, hasGrant, showsChoice, isPosted }) {
  if (value === "choose") return "open";
  const refuses = value === "reject" || (value === "save" && !anyTicked);
  const grants = value === "accept" || (value === "save" && anyTicked);
  if (refuses && hasGrant) return "submit"; // a withdrawal: only its answer shows its record (I8)
  if (refuses && !showsChoice) return "send";
  return (refuses || grants) && !isPosted ? "reload" : "submit";
}

/**
 * What the answer to a choice in the background means.
 * @param {number} status
 * @returns {"done" | "unrecorded" | "submit" | "failed"} saved; in force, but without a receipt; to
 *     be sent again as a form: the question has changed, or a refusal is a withdrawal meanwhile; not saved
 */
export function outcomeOf(status) {
  return { 204: "done", 202: "unrecorded", 409: "submit" }[status] ?? "failed";
}

/**
 * The fragment of the page that is loaded again: what was saved, and the place.
 * @param {"done" | "unrecorded"} outcome
 * @param {number} place how far the page is scrolled, in pixels; Safari gives less than 0 as it bounces
 */
export function fragmentOf(outcome, place) {
  return `#${outcome === "done" ? "saved" : "unrecorded"}-${Math.max(0, Math.round(place))}`;
}

/**
 * The line that a fragment shows, and the place. The server's own fragment names no place.
 * @param {string} hash
 * @returns {{id: string, place: number}} an empty id where the fragment is another one
 */
export function readFragment(hash) {
  const [, id = "", place = "0"] = /^#(saved|unrecorded)(?:-(\d{1,7}))?$/.exec(hash) ?? [];
  return { id, place: Number(place) };
}

/**
 * Whether a page must reload after a choice in another tab, or when it comes back from the history.
 * @param {{dependsOnChoice: boolean, isPersisted?: boolean, choiceMade?: boolean}} event
 */
export function isStale({ dependsOnChoice, isPersisted = false, choiceMade = false }) {
  return dependsOnChoice && (isPersisted || choiceMade);
}

/**
 * The origin of the other site that led the visitor here, or "". The form's own Referer names our page.
 * @param {string} referrer
 * @param {string} origin
 */
export function externalOrigin(referrer, origin) {
  const [from] = /^https?:\/\/[^/?#]+/.exec(referrer) ?? [""];
  return from === origin ? "" : from;
}
