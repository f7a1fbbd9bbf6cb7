// Decides what to do with a choice. Pure functions: `ask.js` wires them to the page.

/**
 * @typedef {object} Press
 * @property {string} value the value of the button: accept, reject, choose or save
 * @property {boolean} anyTicked whether any group is ticked
 * @property {boolean} mustReload whether the page shows a grant or runs tags, which only a new page ends
 */

/**
 * What to do when a button is pressed.
 * @param {Press} press
 * @returns {"open" | "send" | "submit"} open the groups; send a refusal in the background; or let
 *     the browser submit the form, so that the server renders the page
 */
export function decide({ value, anyTicked, mustReload }) {
  if (value === "choose") return "open";
  const refuses = value === "reject" || (value === "save" && !anyTicked);
  return refuses && !mustReload ? "send" : "submit";
}

/**
 * What the status of the answer to a refusal in the background means.
 * @param {number} status
 * @returns {"done" | "unrecorded" | "submit" | "failed"} saved; in force, but without a receipt; to
 *     be sent again as a form, because another tab has granted something meanwhile, and the answer
 *     to a withdrawal is a page; not saved
 */
export function outcomeOf(status) {
  return { 204: "done", 202: "unrecorded", 409: "submit" }[status] ?? "failed";
}

/**
 * Whether a page must reload after a choice in another tab, or when it comes back from the history.
 * Only a page with tags must: on any other, no tag can run without a grant (I7).
 * @param {{hasTags: boolean, isPersisted?: boolean, choiceMade?: boolean}} event
 * @returns {boolean}
 */
export function isStale({ hasTags, isPersisted = false, choiceMade = false }) {
  return hasTags && (isPersisted || choiceMade);
}

/**
 * The origin of the other site that led the visitor here, or "". The form carries it, because its own
 * Referer header names our page.
 * @param {string} referrer
 * @param {string} origin
 * @returns {string}
 */
export function externalOrigin(referrer, origin) {
  const [from] = /^https?:\/\/[^/?#]+/.exec(referrer) ?? [""];
  return from === origin ? "" : from;
}
