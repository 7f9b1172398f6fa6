import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { SignOutRequest } from './openid-client.ts';

/** By its hash it runs under the policy, and nothing else does. */
const script = 'document.forms[0].submit()';
const scriptHash = createHash('sha256').update(script).digest('base64');
/** No `form-action`: Chromium would hold the provider's own redirects to it, wherever they lead. */
const policy = `default-src 'none'; script-src 'sha256-${scriptHash}'; base-uri 'none'; frame-ancestors 'none'`;

/**
 * Sends the browser to the provider's sign-out by POST (RP-Initiated Logout 1.0 section 2), because the request holds the
 * ID token: in an address it would stay in histories and in the logs of proxies. Without scripts there is a button.
 */
export function sendSignOutPage(res: Response, { endpoint, parameters }: SignOutRequest): void {
  const fields = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  res
    .set('Content-Security-Policy', policy)
    .type('html')
    .send(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Signing out</title>
</head>
<body>
<form id="sign-out" method="post" action="${escaped(endpoint.href)}">
${fields.join('\n')}
<noscript><p>You are signed out of this app. Continue to sign out everywhere.</p><button>Continue</button></noscript>
</form>
<script>${script}</script>
</body>
</html>
`);
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
