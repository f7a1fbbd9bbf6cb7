// Adds a passkey, or signs in with one: asks the server what to ask the browser, and sends the answer.
// Without this script people use an authenticator app.

const form = document.querySelector("[data-passkey]");
const canUsePasskeys = "parseCreationOptionsFromJSON" in (window.PublicKeyCredential ?? {});

if (canUsePasskeys) {
  form.hidden = false;
  document.querySelector("[data-no-passkeys]")?.remove();
  form.addEventListener("submit", start);
}

async function start(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const failure = form.querySelector("[data-failed]");
  button.disabled = true;
  failure.hidden = true;
  try {
    location.assign(await nextPage());
  } catch {
    // Nobody touched the key, the time is over, or the server did not accept the answer.
    failure.hidden = false;
    button.disabled = false;
    button.focus();
  }
}

async function nextPage() {
  const options = await send(form.dataset.options);
  const credential = await ask(options);
  const { next } = await send(form.action, { answer: JSON.stringify(credential) });
  return next;
}

function ask(options) {
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

async function send(address, fields = {}) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const response = await fetch(address, { method: "POST", body });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
