// Sends one event per started trial to each tag. The server leaves out the id of a group that is not granted.

import { conversions } from "./google_commands.js";

const { analytics, adsConversion } = document.querySelector("[data-conversion]").dataset;

// The page that confirms a trial redirects to this fragment. Left there, it would count the trial again
// after a reload or a later grant.
if (location.hash === "#started") {
  history.replaceState(history.state, "", location.pathname);
  for (const command of conversions({ analytics, adsConversion })) gtag(...command);
}

function gtag() {
  window.dataLayer.push(arguments); // Google reads the arguments object itself, not an array
}
