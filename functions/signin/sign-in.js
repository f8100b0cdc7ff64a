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

async function byPasskey() {
  try {
    const { options } = await post("/v1/sign-in/passkey/options");
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const credential = await navigator.credentials.get({ publicKey });
    await post("/v1/sign-in/passkey", { credential: credential.toJSON() });
    location.assign("/");
  } catch (error) {
    if (error.name !== "NotAllowedError") location.assign(`/sign-in?problem=${error.code ?? "passkey_refused"}`);
  }
}

function offerPasskeys() {
  const button = document.getElementById("passkey");
  const isName = !/^[\d.]+$|^\[/.test(location.hostname); // a passkey belongs to a name, never to an IP address
  if (!button || !isName || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  button.hidden = false;
  button.addEventListener("click", byPasskey);
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
      location.assign("/");
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
