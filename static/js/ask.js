// The banner without a reload, and the reload of pages that a choice made elsewhere has overtaken.
// Everything here works without it.

import { answered, decide, externalOrigin, isStale } from "./decide.js";

const forms = document.querySelectorAll("[data-ask] form, form[data-settings]");
const googleTag = document.querySelector("[data-google-tag]");
const hasTags = googleTag !== null;
const channel = new BroadcastChannel("choice");

for (const form of forms) {
  form.append(hidden("javascript", "1"));
  form.append(hidden("referrer", externalOrigin(document.referrer, location.origin)));
  form.addEventListener("submit", (event) => onSubmit(event, form));
}

// A page that a choice has just changed: the server says so by the address it sent the browser to,
// or by answering the form itself. A reload says nothing new: else two tabs would reload each other.
const [navigation] = performance.getEntriesByType("navigation");
const saved = location.hash === "#saved" ? document.querySelector("#saved") : null;
const isAnswer = saved !== null || document.querySelector("[data-choice-made]") !== null;
if (isAnswer && navigation?.type === "navigate") channel.postMessage("made");
if (saved !== null) {
  // Shown from now on without the fragment, which a reload, or a copied address, would show again.
  saved.removeAttribute("id");
  history.replaceState(history.state, "", location.pathname + location.search);
  say(saved);
}
channel.addEventListener("message", () => reloadIf({ choiceMade: true }));
addEventListener("pageshow", (event) => reloadIf({ isPersisted: event.persisted }), true);
addEventListener("pagehide", disableTags, true);
// The answer to a navigation may expire what a tag stores: it must not store it again meanwhile.
if (hasTags) addEventListener("beforeunload", disableTags, true);

function onSubmit(event, form) {
  const button = event.submitter;
  const groups = form.querySelector("[data-groups]");
  const action = decide({
    value: button?.value ?? "choose",
    anyTicked: form.querySelector("[name=group]:checked") !== null,
    mustReload: groups === null || form.closest("[data-reload]") !== null || hasTags,
  });
  if (action === "submit") return;
  event.preventDefault();
  if (action === "open") open(form, groups);
  else send(form, button);
}

function open(form, groups) {
  if (groups === null) return;
  const isOpening = groups.hidden;
  groups.hidden = false;
  form.querySelector("[data-choose]").hidden = true;
  form.querySelector("[data-save]").hidden = false;
  if (isOpening) groups.querySelector("input").focus();
}

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.set("choice", button.value);
  body.set("background", "1");
  let outcome = "failed";
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    outcome = answered(response.status);
  } catch {
    // The network is gone: the banner stays, and says so.
  }
  if (outcome === "submit") submit(form, button);
  else if (outcome === "failed") form.querySelector("[data-error]").hidden = false;
  else close(form.closest("[data-ask]"), outcome);
}

// The server wants to answer with a page of its own.
function submit(form, button) {
  form.append(hidden("choice", button.value));
  form.submit();
}

function close(region, outcome) {
  channel.postMessage("made");
  region.remove();
  say(document.querySelector(`[data-saved=${outcome}]`));
}

// One line where the banner was, right before the content in the order of Tab, until the focus leaves it.
function say(status) {
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

// Google's own switch: what it set to run while the page waits in the history does not run.
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
