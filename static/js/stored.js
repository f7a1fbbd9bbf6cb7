// Reads what a browser stores, in pure functions for `on_this_device.js`.

// As long as the names that the server shows; what a page of another service stored can have any name.
const LONGEST_SHOWN = 100;

/**
 * The names in `document.cookie`, each once.
 * @param {string} cookies
 * @returns {string[]}
 */
export function cookieNames(cookies) {
  const pairs = cookies.split(";").map((pair) => pair.trim());
  // A browser writes a cookie without a name as its value alone; the server reads it as a name of "".
  const names = pairs.filter(Boolean).map((pair) => (pair.includes("=") ? pair.split("=", 1)[0] : ""));
  return [...new Set(names)];
}

/**
 * The names in localStorage or sessionStorage. Object.keys() leaves out names such as "length".
 * @param {Storage} storage
 * @returns {string[]}
 */
export function keysOf(storage) {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index));
}

/**
 * The declaration of a name: the exact one, else the one whose `*` at the end stands for the rest, else
 * the one without a pattern, which is for everything undeclared.
 * @template {{kind: string, pattern: string}} Declaration
 * @param {Declaration[]} declarations
 * @param {string} kind
 * @param {string} name
 * @returns {Declaration}
 */
export function declarationOf(declarations, kind, name) {
  const ofKind = declarations.filter((declaration) => declaration.kind === kind);
  return (
    ofKind.find(({ pattern }) => pattern !== "" && pattern === name) ??
    ofKind.find(({ pattern }) => matches(pattern, name)) ??
    ofKind.find(({ pattern }) => pattern === "")
  );
}

/** @param {string} name */
export function shown(name) {
  const characters = [...name];
  return characters.length > LONGEST_SHOWN
    ? `${characters.slice(0, LONGEST_SHOWN - 1).join("")}…`
    : name;
}

function matches(pattern, name) {
  const start = pattern.slice(0, -1);
  return pattern.endsWith("*") && name.startsWith(start) && name.length > start.length;
}
