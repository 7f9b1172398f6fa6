// Passkeys: the one thing at sign-in that a browser cannot do without a script. The forms around it work without.

const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, startAuthentication, startRegistration } =
  window.SimpleWebAuthnBrowser;

/** Sends what the authenticator answered, as an ordinary form. */
function send(form, response) {
  form.elements.response.value = JSON.stringify(response);
  form.submit();
}

/** Asks the authenticator, and lets the form be sent again where that did not work out. */
function ask(form, ceremony) {
  ceremony()
    .then((response) => send(form, response))
    .catch((error) => report(form, error))
    .finally(() => delete form.dataset.sent);
}

/** Says at the form that it did not work out; whoever cancelled knows. */
function report(form, error) {
  if (error?.name === 'AbortError' || error?.code === 'ERROR_CEREMONY_ABORTED') return;
  const message = form.querySelector('[data-passkey-failed]');
  message.hidden = false;
}

const signIn = document.querySelector('form[data-passkey-sign-in]');
if (signIn && browserSupportsWebAuthn()) {
  signIn.hidden = false;
  const optionsJSON = JSON.parse(signIn.dataset.passkeySignIn);
  signIn.addEventListener('submit', (event) => {
    if (signIn.elements.code?.value.trim()) return; // a code was typed in place of it
    event.preventDefault();
    ask(signIn, () => startAuthentication({ optionsJSON }));
  });
  // Where the browser can, it offers the passkeys in the login field by itself.
  if (document.querySelector('[autocomplete~="webauthn"]') && (await browserSupportsWebAuthnAutofill())) {
    startAuthentication({ optionsJSON, useBrowserAutofill: true }).then(
      (response) => send(signIn, response),
      () => {}, // given up, or taken over by the button
    );
  }
}

const registration = document.querySelector('form[data-passkey-registration]');
registration?.addEventListener('submit', (event) => {
  if (!browserSupportsWebAuthn()) return;
  event.preventDefault();
  ask(registration, () => startRegistration({ optionsJSON: JSON.parse(registration.dataset.passkeyRegistration) }));
});
