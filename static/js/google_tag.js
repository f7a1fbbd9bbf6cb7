// Loads Google's tag, by basic Consent Mode v2. The server renders the element of this script only
// after a recorded grant (I4), with the granted groups in its data- attributes. Without it no byte
// goes to Google.

import { commands } from "./google_commands.js";

const { analytics, ads, consent, cookieSeconds } = document.querySelector("[data-google-tag]").dataset;

window.dataLayer = window.dataLayer || [];
function gtag() {
  window.dataLayer.push(arguments); // Google reads the arguments object itself, not an array
}
for (const command of commands({ analytics, ads, consent, cookieSeconds, now: new Date() })) {
  gtag(...command);
}

const script = document.createElement("script");
script.async = true;
script.src = `https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(analytics || ads)}`;
document.head.append(script);
