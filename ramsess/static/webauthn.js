// Asks the browser for a security key, then sends the form with what the key answered.
"use strict";

const form = document.querySelector("form[data-webauthn]");

const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

async function ask(kind, options) {
  options.challenge = bytes(options.challenge);
  if (kind === "create") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }
  options.allowCredentials = known(options.allowCredentials);
  return navigator.credentials.get({ publicKey: options });
}

function plain(key) {
  const said = key.response;
  const response = { clientDataJSON: text(said.clientDataJSON) };
  if (said.attestationObject) {
    response.attestationObject = text(said.attestationObject);
    response.transports = said.getTransports ? said.getTransports() : [];
  } else {
    response.authenticatorData = text(said.authenticatorData);
    response.signature = text(said.signature);
    response.userHandle = said.userHandle ? text(said.userHandle) : null;
  }
  return JSON.stringify({
    id: key.id, rawId: text(key.rawId), type: key.type, response,
    extensions: JSON.stringify(key.getClientExtensionResults()),
  });
}

if (form) {
  ask(form.dataset.webauthn, JSON.parse(form.dataset.options))
    .then((key) => {
      form.elements.credential.value = plain(key);
      form.submit();
    })
    .catch(() => { form.querySelector("[role=alert]").hidden = false; });
}
