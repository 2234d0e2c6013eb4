// Passkeys: the two ceremonies of Web Authentication. Without this file everybody has a password.
const CEREMONIES = {
  add: {
    ask: "/staff/account/passkeys/offer",
    tell: "/staff/account/passkeys",
    run: (options) =>
      navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
      }),
  },
  "sign-in": {
    ask: "/staff/sign-in/passkey/request",
    tell: "/staff/sign-in/passkey",
    run: (options) =>
      navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
      }),
  },
};

async function send(path, fields) {
  const answer = await fetch(path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function hold(form) {
  const { ask, tell, run } = CEREMONIES[form.dataset.passkey];
  const fields = Object.fromEntries(new FormData(form));
  const options = await send(ask, { csrf: fields.csrf });
  const credential = await run(options);
  const done = await send(tell, { ...fields, credential: JSON.stringify(credential.toJSON()) });
  location.assign(done.next);
}

const able = globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON;
for (const form of able ? document.querySelectorAll("[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const problem = form.querySelector("[data-problem]");
    problem.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      await hold(form);
    } catch {
      problem.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
