// The draft of a policy, checked and previewed by the server while somebody types.
// Everything here works without it, by the button “check”.

const PAUSE_MS = 400;
const form = document.querySelector("[data-draft]");
const unsaved = form.querySelector("[data-unsaved]");
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
  let found = null;
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.dataset.check, { method: "POST", body });
    if (response.ok) found = await response.json();
  } catch {
    // The network is gone: the page says so below, and keeps what was typed.
  }
  if (mine !== turn) return;
  form.querySelector("[data-unreachable]").hidden = found !== null;
  if (found === null) return;
  form.querySelector("[data-no-problems]").hidden = found.problems.length > 0;
  show("problems", found.problems);
  show("warnings", found.warnings);
  for (const [name, html] of Object.entries(found.previews)) showPreview(name, html);
}

// Problems or warnings: all of them in the box above the form, and each below its field.
function show(kind, found) {
  const box = form.querySelector(`[data-${kind}]`);
  box.hidden = found.length === 0;
  box.querySelector("[data-number]").textContent = String(found.length);
  box.querySelector("[data-list]").replaceChildren(...found.map(linkTo));
  for (const list of form.querySelectorAll(`[data-${kind}-of]`)) {
    const own = found.filter(({ place }) => place === list.getAttribute(`data-${kind}-of`));
    list.replaceChildren(...own.map(({ text }) => item(text)));
  }
}

// Parsed into a document of its own, in which nothing runs, and cleaned by the server before.
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
