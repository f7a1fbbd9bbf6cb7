// Sends a choice in the background, so that the reader keeps their place, and reloads pages that another
// choice has made stale (I7). Every choice works without this script (I6).

import { decide, externalOrigin, fragmentOf, isStale, outcomeOf, readFragment } from "./decide.js";

const forms = document.querySelectorAll("[data-ask] form, form[data-settings]");
const googleTag = document.querySelector("[data-google-tag]");
const hasTags = googleTag !== null;
const showsChoice = document.querySelector("[data-settings]") !== null;
const isPosted = document.body.dataset.posted !== undefined;
// The answer to a form would send the form again.
const dependsOnChoice = hasTags || (showsChoice && !isPosted);
const channel = new BroadcastChannel("choice");

for (const form of forms) {
  form.append(hidden("javascript", "1"));
  form.append(hidden("referrer", externalOrigin(document.referrer, location.origin)));
  form.addEventListener("submit", (event) => onSubmit(event, form));
}

// Tell other tabs of a choice that this page answers; not after a reload: two would reload each other
// for ever.
const [navigation] = performance.getEntriesByType("navigation");
const fragment = readFragment(location.hash);
const saved = document.getElementById(fragment.id);
const isAnswer = saved !== null || document.querySelector("[data-choice-made]") !== null;
if (isAnswer && navigation?.type === "navigate") channel.postMessage("made");
if (saved !== null) {
  // With the fragment in the address, a reload or a copied link would show the line again.
  saved.removeAttribute("id");
  history.replaceState(history.state, "", location.pathname + location.search);
  showStatus(saved);
  if (fragment.place > 0) scrollTo({ top: fragment.place, behavior: "instant" });
}
channel.addEventListener("message", () => reloadIf({ choiceMade: true }));
addEventListener("pageshow", (event) => event.persisted && onReturn(), true);
addEventListener("pagehide", disableTags, true);
// The next answer may expire a tag's cookies: the tag must not set them again meanwhile.
if (hasTags) addEventListener("beforeunload", disableTags, true);

function onSubmit(event, form) {
  const button = event.submitter;
  const groups = form.querySelector("[data-groups]");
  const action = decide({
    value: button?.value ?? "choose",
    anyTicked: form.querySelector("[name=group]:checked") !== null,
    hasGrant: form.closest("[data-grant]") !== null || hasTags,
    showsChoice,
    isPosted,
  });
  if (action === "submit") return;
  event.preventDefault();
  if (action === "open") open(form, groups);
  else send(form, button, action === "reload" ? reloadSaved : close);
}

function open(form, groups) {
  if (groups === null) return;
  const isOpening = groups.hidden;
  groups.hidden = false;
  form.querySelector("[data-choose]").hidden = true;
  form.querySelector("[data-save]").hidden = false;
  if (isOpening) groups.querySelector("input").focus();
}

async function send(form, button, finish) {
  disableTags(); // the answer may expire their cookies
  const body = new URLSearchParams(new FormData(form));
  body.set("choice", button.value);
  body.set("background", "1");
  let outcome = "failed";
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    outcome = outcomeOf(response.status);
  } catch {
    // No network: it stays "failed".
  }
  if (outcome === "submit") submit(form, button);
  else if (outcome === "failed") form.querySelector("[data-error]").hidden = false; // fail closed (I4)
  else finish(outcome, form);
}

// Send the form as a form, so that the browser shows the answer.
function submit(form, button) {
  form.append(hidden("choice", button.value));
  form.submit();
}

function close(outcome, form) {
  channel.postMessage("made");
  form.closest("[data-ask]").remove();
  showStatus(document.querySelector(`[data-saved=${outcome}]`));
}

// Load the page again, now that the choice is recorded (I4), without a new entry in the history. Chromium
// forgets the place where the new page has another embedder policy.
function reloadSaved(outcome) {
  channel.postMessage("made");
  history.replaceState(history.state, "", fragmentOf(outcome, scrollY));
  location.reload();
}

// Show what was saved, until the focus leaves the line. It takes the focus that the banner had.
function showStatus(status) {
  status.hidden = false;
  status.focus({ preventScroll: true });
  status.addEventListener("focusout", ({ relatedTarget }) => {
    if (document.hasFocus() && !status.contains(relatedTarget)) status.inert = true;
  });
}

function reloadIf(event) {
  if (!isStale({ dependsOnChoice, ...event })) return;
  disableTags();
  location.reload();
}

// WebKit brings a page that asks back as it was before a choice. A reload would take away what was typed
// there: only the banner goes.
async function onReturn() {
  reloadIf({ isPersisted: true });
  const ask = document.querySelector("[data-ask]");
  const response = ask && (await fetch(location.href).catch(() => null));
  if (response?.status < 500 && !(await response.text()).includes(" data-ask ")) ask.remove();
}

// Google's own switch: the timers of a tag then store and send nothing, also in the history.
function disableTags() {
  if (googleTag?.dataset.analytics) window[`ga-disable-${googleTag.dataset.analytics}`] = true;
}

function hidden(name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}

// What is not granted does not stay in the browser's other storage either (I7).
const { ungranted = "" } = document.querySelector("[data-ungranted]")?.dataset ?? {};
for (const name of ungranted.split(" ").filter(Boolean)) {
  localStorage.removeItem(name);
  sessionStorage.removeItem(name);
}
