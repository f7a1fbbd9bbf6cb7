// Adds to the server's list of cookies what only the browser sees, and deletes it. The rows are clones of
// the server's templates; nothing here is sent anywhere.

import { cookieNames, declarationOf, keysOf, shown } from "./stored.js";

/** How each kind is listed, and deleted by its name. A cookie is deleted by the form in its row. */
const KINDS = {
  cookie: { names: () => cookieNames(document.cookie) },
  local: {
    names: () => keysOf(localStorage),
    remove: (name) => localStorage.removeItem(name),
  },
  session: {
    names: () => keysOf(sessionStorage),
    remove: (name) => sessionStorage.removeItem(name),
  },
  indexed: {
    names: async () => (await indexedDB.databases()).map(({ name }) => name),
    remove: deleteDatabase,
  },
  cache: {
    names: () => caches.keys(),
    remove: (name) => caches.delete(name),
  },
  worker: {
    names: async () => (await registrations()).map(({ scope }) => scope),
    remove: async (name) => {
      const worker = (await registrations()).find(({ scope }) => scope === name);
      await worker?.unregister();
    },
  },
};

const list = document.querySelectorAll("[data-list]");
const rows = document.querySelector("[data-list] tbody");
const templates = [...document.querySelectorAll("template[data-kind]")];
const declarations = templates.map((template) => ({ ...template.dataset, template }));
const everything = document.querySelector("[data-everything]");
const said = document.querySelector("[data-said]");
const lines = new Map();

// Without a script the address shows one of these lines. Left there, a reload would show it again.
for (const line of document.querySelectorAll("[data-line]")) {
  lines.set(line.id, line.textContent);
  line.remove();
}
say(location.hash.slice(1));
if (lines.has(location.hash.slice(1))) history.replaceState(history.state, "", location.pathname);

for (const kind of Object.keys(KINDS)) {
  for (const name of await namesOf(kind)) if (!isListed(kind, name)) add(kind, name);
}
document.querySelector("[data-more]")?.remove();
everything.addEventListener("submit", deleteEverything);
// A page that comes back from the history shows what was stored when it was left.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

// Nothing where the browser lacks a kind of storage, or keeps this site from it.
async function namesOf(kind) {
  try {
    return await KINDS[kind].names();
  } catch {
    return [];
  }
}

function isListed(kind, name) {
  return [...rows.rows].some((row) => row.dataset.kind === kind && row.dataset.name === name);
}

function add(kind, name) {
  const { template } = declarationOf(declarations, kind, name);
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.name = name;
  for (const place of row.querySelectorAll("[data-shown]")) {
    if (name !== "") place.textContent = shown(name);
  }
  const field = row.querySelector("input");
  if (field) field.value = name;
  row.querySelector("[data-delete]")?.addEventListener("click", () => deleteOne(row));
  rows.append(row);
  showWhetherEmpty();
}

async function deleteOne(row) {
  const isDeleted = await remove(row);
  const neighbor = row.nextElementSibling ?? row.previousElementSibling;
  say(isDeleted ? "deleted" : "left");
  if (!isDeleted) return;
  row.remove();
  showWhetherEmpty();
  (neighbor?.querySelector("button") ?? document.getElementById("list")).focus();
}

// The server expires the cookies; what lies elsewhere goes first.
async function deleteEverything(event) {
  event.preventDefault();
  const others = [...rows.rows].filter(({ dataset }) => dataset.necessary === undefined);
  await Promise.all(others.filter(({ dataset }) => KINDS[dataset.kind].remove).map(remove));
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "javascript", value: "1" });
  everything.append(field);
  everything.submit();
}

async function remove({ dataset }) {
  try {
    await KINDS[dataset.kind].remove(dataset.name);
  } catch {
    return false;
  }
  return !(await namesOf(dataset.kind)).includes(dataset.name);
}

// A database that another tab has open is deleted once that tab is closed.
function deleteDatabase(name) {
  return new Promise((resolve, reject) => {
    Object.assign(indexedDB.deleteDatabase(name), {
      onsuccess: resolve,
      onerror: reject,
      onblocked: reject,
    });
  });
}

async function registrations() {
  return await navigator.serviceWorker.getRegistrations();
}

function showWhetherEmpty() {
  const isEmpty = rows.rows.length === 0;
  for (const part of list) part.hidden = isEmpty;
  document.querySelector("[data-nothing]").hidden = !isEmpty;
  everything.closest("section").toggleAttribute("data-empty", isEmpty);
}

// The line is read out; the keyboard stays in the list.
function say(id) {
  said.textContent = lines.get(id) ?? "";
}
