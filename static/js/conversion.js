// One event per started trial, only where its group is granted: the server leaves out the id of any
// other, and then nothing is sent and no tag is there.

import { conversions } from "./google_commands.js";

const { analytics, adsConversion } = document.querySelector("[data-conversion]").dataset;

// Confirming leads here with this fragment. It is taken away, granted or not, so that neither a
// reload, nor the history, nor a later grant counts the trial.
if (location.hash === "#started") {
  history.replaceState(history.state, "", location.pathname);
  for (const command of conversions({ analytics, adsConversion })) gtag(...command);
}

function gtag() {
  window.dataLayer.push(arguments); // Google reads the arguments object itself, not an array
}
