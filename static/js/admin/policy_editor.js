// Has the server check and preview the draft of a policy while somebody types.
// Without this script the button “check” does the same.

const PAUSE_MS = 400;
const form = document.querySelector("[data-draft]");
const unsaved = form.querySelector("[data-unsaved]");
// The text whose preview is shown, by the name of its field; empty where the page came without one.
const previewed = new Map(fields().map(({ name, place }) => [name, textAtFirst(name, place)]));
let timer = 0;
let turn = 0;
let isDirty = false;

form.addEventListener("input", () => {
  isDirty = true;
  unsaved.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE_MS);
});
form.addEventListener("submit", () => {
  isDirty = false;
});
addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});

async function check() {
  turn += 1;
  const mine = turn;
  let result = null;
  let isSignedOut = false;
  const typed = new Map(fields().map(({ name }) => [name, form.elements[name].value]));
  try {
    const body = new URLSearchParams(new FormData(form));
    for (const [name, text] of typed) {
      if (text !== previewed.get(name)) body.append("preview", name);
    }
    const response = await fetch(form.dataset.check, { method: "POST", body });
    isSignedOut = response.status === 403;
    if (response.ok) result = await response.json();
  } catch {
    // No network: the page shows a message, and the typed text stays.
  }
  // Answers can arrive out of order: only the one to the last request counts.
  if (mine !== turn) return;
  form.querySelector("[data-signed-out]").hidden = !isSignedOut;
  form.querySelector("[data-unreachable]").hidden = result !== null || isSignedOut;
  if (result === null) return;
  form.querySelector("[data-no-problems]").hidden = result.problems.length > 0;
  show("problems", result.problems);
  show("warnings", result.warnings);
  for (const [name, html] of Object.entries(result.previews)) {
    showPreview(name, html);
    previewed.set(name, typed.get(name));
  }
}

// The fields that have a preview, each with the place of its preview.
function fields() {
  return [...form.querySelectorAll("[data-preview]")].map((place) => ({
    name: place.dataset.preview,
    place,
  }));
}

// A browser that opens the page again may have put back what was typed before: `defaultValue` is
// the text that the server sent.
function textAtFirst(name, place) {
  return place.hasChildNodes() ? form.elements[name].defaultValue : "";
}

// Lists problems or warnings: all of them in the box above the form, and each below its field.
function show(kind, entries) {
  const box = form.querySelector(`[data-${kind}]`);
  box.hidden = entries.length === 0;
  box.querySelector("[data-number]").textContent = String(entries.length);
  box.querySelector("[data-list]").replaceChildren(...entries.map(linkTo));
  for (const list of form.querySelectorAll(`[data-${kind}-of]`)) {
    const own = entries.filter(({ place }) => place === list.getAttribute(`data-${kind}-of`));
    list.replaceChildren(...own.map(({ text }) => item(text)));
  }
}

// DOMParser makes a document in which no script runs; the server has also sanitized the HTML.
function showPreview(name, html) {
  const place = form.querySelector(`[data-preview="${name}"]`);
  const { body } = new DOMParser().parseFromString(html, "text/html");
  place?.replaceChildren(...body.childNodes);
}

function linkTo({ text, place }) {
  const link = document.createElement("a");
  link.href = `#${place}`;
  link.textContent = text;
  return item(link);
}

function item(content) {
  const element = document.createElement("li");
  element.append(content);
  return element;
}
