// What to do with a choice, decided without touching the page. `ask.js` wires it.

/**
 * @typedef {object} Press
 * @property {string} value the button: accept, reject, choose or save
 * @property {boolean} anyTicked whether any group is ticked
 * @property {boolean} mustReload whether the page shows a grant, whose end needs a new page
 */

/**
 * What a press of a button means for the page.
 * @param {Press} press
 * @returns {"open" | "send" | "submit"} open the groups; send a refusal in the background; or let
 *     the browser submit the form, so that the server renders what was granted
 */
export function decide({ value, anyTicked, mustReload }) {
  if (value === "choose") return "open";
  const refuses = value === "reject" || (value === "save" && !anyTicked);
  return refuses && !mustReload ? "send" : "submit";
}

/**
 * What the server's answer to a refusal in the background means.
 * @param {number} status
 * @returns {"done" | "unrecorded" | "submit" | "failed"} saved; in force, but without a receipt; to
 *     be sent again as a form, because the answer is a page (a withdrawal, made in another tab's
 *     place); not saved
 */
export function answered(status) {
  return { 204: "done", 202: "unrecorded", 409: "submit" }[status] ?? "failed";
}

/**
 * Whether a page must be loaded again when another tab has made a choice, or when it comes back
 * from the history: only a page that runs tags, or shows a grant, is stale in a way that matters.
 * @param {{hasTags: boolean, isPersisted?: boolean, choiceMade?: boolean}} event
 * @returns {boolean}
 */
export function isStale({ hasTags, isPersisted = false, choiceMade = false }) {
  return hasTags && (isPersisted || choiceMade);
}

/**
 * The referrer if another site sent the visitor here; the server sees only our own.
 * @param {string} referrer
 * @param {string} origin
 * @returns {string}
 */
export function externalOrigin(referrer, origin) {
  const [from] = /^https?:\/\/[^/?#]+/.exec(referrer) ?? [""];
  return from === origin ? "" : from;
}
