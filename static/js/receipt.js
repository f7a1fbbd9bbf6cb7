// Checks a receipt in the browser, and sends it nowhere. Without this script the form sends it to our server.

import { check } from "./receipt_check.js";

const form = document.querySelector("[data-check-receipt]");
const result = document.querySelector("#result");
const results = document.querySelector("#results");
const file = form.querySelector("#file");

// Without HTTPS a browser has no hashes: then the server checks the text.
if (globalThis.crypto?.subtle) {
  form.addEventListener("submit", onSubmit);
  file.addEventListener("change", onFile);
}

async function onFile() {
  form.elements.receipt.value = await file.files[0].text();
  await show();
}

async function onSubmit(event) {
  event.preventDefault();
  await show();
}

async function show() {
  let checked = null;
  try {
    checked = await check(form.elements.receipt.value, form.dataset.origin);
  } catch {
    // It is no receipt: `checked` stays null.
  }
  result.replaceChildren(checked === null ? partOf("none") : wordsOf(checked));
  result.focus();
}

function partOf(name) {
  return results.content.querySelector(`[data-result=${name}]`).cloneNode(true);
}

function wordsOf({ answers, note }) {
  const words = results.content.cloneNode(true);
  const overall = overallOf(answers);
  for (const part of words.querySelectorAll("[data-result]")) {
    if (part.dataset.result !== overall) part.remove();
  }
  for (const part of words.querySelectorAll("[data-question]")) {
    if (part.dataset.answer !== nameOf(answers[part.dataset.question])) part.remove();
  }
  if (note === null) {
    words.querySelectorAll("[data-tree]").forEach((part) => part.remove());
  } else {
    const link = words.querySelector("[data-tree] a");
    words.querySelector("[data-tree] code").textContent = note.rootText;
    link.setAttribute("href", `${link.getAttribute("href")}${note.size}/`);
  }
  return words;
}

function overallOf(answers) {
  if (Object.values(answers).includes(false)) return "no";
  return answers.seal === null ? "unsealed" : "yes";
}

function nameOf(answer) {
  if (answer === null) return "open";
  return answer ? "yes" : "no";
}
