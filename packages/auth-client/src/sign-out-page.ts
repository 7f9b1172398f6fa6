import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { SignOutRequest } from './openid-client.ts';

const script = 'document.forms[0].submit()';
const style = `body { max-width: 32rem; margin: 3rem auto; padding: 0 1rem; font: 1.125rem/1.5 system-ui, sans-serif }
button { padding: 0.5rem 1.5rem; font: inherit }`;
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Script and style count by their hash, and nothing else does. There is no `form-action`: Chromium would hold the
 * provider's own redirects to it, wherever they lead.
 */
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Sends the browser to the provider's sign-out by POST (RP-Initiated Logout 1.0 section 2), because the request holds
 * the ID token: in an address it would stay in histories and in the logs of proxies. Without scripts there is a button.
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
<style>${style}</style>
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
