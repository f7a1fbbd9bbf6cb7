// Sends a choice in the background, so that the reader stays in the same place, and reloads pages that
// a choice in another tab, or on a later page, has made stale (I7). Every choice works without this
// script (I6).

import { decide, externalOrigin, fragmentOf, isStale, outcomeOf, readFragment } from "./decide.js";

const forms = document.querySelectorAll("[data-ask] form, form[data-settings]");
const googleTag = document.querySelector("[data-google-tag]");
const hasTags = googleTag !== null;
const channel = new BroadcastChannel("choice");

for (const form of forms) {
  form.append(hidden("javascript", "1"));
  form.append(hidden("referrer", externalOrigin(document.referrer, location.origin)));
  form.addEventListener("submit", (event) => onSubmit(event, form));
}

// Tell the other tabs of a choice that this page answers. Not after a reload: two tabs would reload
// each other for ever.
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
addEventListener("pageshow", (event) => reloadIf({ isPersisted: event.persisted }), true);
addEventListener("pagehide", disableTags, true);
// The answer to the next navigation may expire a tag's cookies: the tag must not set them again meanwhile.
if (hasTags) addEventListener("beforeunload", disableTags, true);

function onSubmit(event, form) {
  const button = event.submitter;
  const groups = form.querySelector("[data-groups]");
  const action = decide({
    value: button?.value ?? "choose",
    anyTicked: form.querySelector("[name=group]:checked") !== null,
    hasGrant: form.closest("[data-grant]") !== null || hasTags,
    showsChoice: document.querySelector("[data-settings]") !== null,
    isPosted: document.body.dataset.posted !== undefined,
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
    // Without a network the outcome stays "failed".
  }
  if (outcome === "submit") submit(form, button);
  else if (outcome === "failed") form.querySelector("[data-error]").hidden = false; // fail closed (I4)
  else finish(outcome, form);
}

// Send the form again as a form, so that the browser shows the page that the server answers with.
function submit(form, button) {
  form.append(hidden("choice", button.value));
  form.submit();
}

function close(outcome, form) {
  channel.postMessage("made");
  form.closest("[data-ask]").remove();
  showStatus(document.querySelector(`[data-saved=${outcome}]`));
}

// Load the page again, now that the choice is recorded (I4). That adds no entry to the history. The
// fragment keeps the place: Chromium forgets it where the new page has another embedder policy.
function reloadSaved(outcome) {
  channel.postMessage("made");
  history.replaceState(history.state, "", fragmentOf(outcome, scrollY));
  location.reload();
}

// Show the line that says what was saved, until the focus leaves it. It takes the focus that the
// banner had, and comes right before the content in the tab order.
function showStatus(status) {
  status.hidden = false;
  status.focus({ preventScroll: true });
  status.addEventListener("focusout", ({ relatedTarget }) => {
    if (document.hasFocus() && !status.contains(relatedTarget)) status.inert = true;
  });
}

function reloadIf(event) {
  if (!isStale({ hasTags, ...event })) return;
  disableTags();
  location.reload();
}

// Google's own switch: the timers of a tag then store and send nothing, also while the page waits in
// the history.
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
