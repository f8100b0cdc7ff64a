// The page works without this. With it, a mailed link needs no pasting, and passkeys are offered.
"use strict";

const TOKEN = /^#[A-Za-z0-9_-]{43}$/;

function fromMail() {
  const confirm = document.getElementById("confirm");
  if (!confirm || !TOKEN.test(location.hash)) return;
  confirm.elements.token.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  document.getElementById("ways").hidden = true;
  document.getElementById("by-code").open = true;
  document.getElementById("paste").hidden = true;
  document.getElementById("by-code-summary").hidden = true;
  document.getElementById("arrived").hidden = false;
  confirm.querySelector("button").focus();
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  const document = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(document.detail), { code: document.code });
  return document;
}

async function askPasskey() {
  const { options } = await post("/v1/sign-in/passkey/options");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

async function prove() {
  const { next } = document.getElementById("prove").dataset;
  try {
    await post("/v1/session/step-up", { credential: await askPasskey() });
    location.assign(next);
  } catch (error) {
    if (error.name !== "NotAllowedError") location.assign(`/account/confirm?problem=${error.code ?? "passkey_refused"}&next=${next}`);
  }
}

async function addPasskey(event) {
  event.preventDefault();
  try {
    const { options } = await post("/v1/me/passkeys/options");
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    await post("/v1/me/passkeys", { name: event.target.elements.name.value, credential: credential.toJSON() });
    location.assign("/account/security");
  } catch (error) {
    if (error.code === "step_up_required") return location.assign("/account/confirm?next=/account/security");
    if (error.name === "NotAllowedError") return;
    const note = document.getElementById("passkey-note");
    note.textContent = error.code ? error.message : "This device did not make a passkey.";
    note.hidden = false;
  }
}

async function byPasskey() {
  try {
    await post("/v1/sign-in/passkey", { credential: await askPasskey() });
    location.assign("/account");
  } catch (error) {
    if (error.name !== "NotAllowedError") location.assign(`/sign-in?problem=${error.code ?? "passkey_refused"}`);
  }
}

function offerPasskeys() {
  const isName = !/^[\d.]+$|^\[/.test(location.hostname); // a passkey belongs to a name, never to an IP address
  if (!isName || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const [id, event, act] of [["passkey", "click", byPasskey], ["prove", "click", prove], ["add-passkey", "submit", addPasskey]]) {
    const element = document.getElementById(id);
    if (!element) continue;
    element.hidden = false;
    element.addEventListener(event, act);
  }
}

function fromInvitation() {
  const accept = document.getElementById("accept");
  if (!accept) return;
  if (TOKEN.test(location.hash)) accept.elements.token.value = location.hash.slice(1);
  accept.addEventListener("submit", async (event) => {
    event.preventDefault();
    const note = accept.querySelector(".note");
    try {
      await post("/v1/invitations/accept", { token: accept.elements.token.value.trim() });
      location.assign("/account");
    } catch (error) {
      note.textContent = error.message;
      note.hidden = false;
    }
  });
}

fromMail();
fromInvitation();
offerPasskeys();
window.addEventListener("hashchange", fromMail);
