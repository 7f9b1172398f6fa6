import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { org } from '../support/people.ts';
import { type ForeignApp, serveForeignApp } from './relying-party.ts';

/** What it brings for pages without a bundler; next to the module that its package exports. */
const library = join(
  fileURLToPath(import.meta.resolve('oidc-client-ts')),
  '..',
  '..',
  'browser',
  'oidc-client-ts.min.js',
);

/** A browser app without a server of its own: a public client, whose scripts call the provider from their origin. */
export function startOidcClientTs(): Promise<ForeignApp> {
  return serveForeignApp(
    (url) => ({
      client_name: 'oidc-client-ts',
      redirect_uris: [`${url}/`],
      post_logout_redirect_uris: [`${url}/`],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    }),
    (app, url, { client_id: clientId }) => {
      app.get('/library.js', (_req, res) => res.sendFile(library, { dotfiles: 'allow' }));
      app.get('/', (_req, res) => void res.send(page(url, clientId)));
    },
  );
}

const page = (url: string, clientId: string) => `<!doctype html>
<title>A browser app</title>
<p id="who">…</p><p id="token"></p><p id="state"></p>
<button id="in">Sign in</button><button id="refresh">Refresh</button><button id="out">Sign out</button>
<script src="/library.js"></script>
<script>
  const manager = new oidc.UserManager({
    authority: ${JSON.stringify(org.issuer)},
    client_id: ${JSON.stringify(clientId)},
    redirect_uri: ${JSON.stringify(`${url}/`)},
    post_logout_redirect_uri: ${JSON.stringify(`${url}/`)},
    scope: 'openid profile',
    loadUserInfo: true,
  });
  const write = (id, text) => (document.getElementById(id).textContent = text);
  const show = (user) => {
    write('who', user ? user.profile.name : 'nobody');
    write('token', user ? user.access_token : '');
  };
  const failed = (error) => write('state', String(error));
  document.getElementById('in').onclick = () => manager.signinRedirect().catch(failed);
  document.getElementById('out').onclick = () => manager.signoutRedirect().catch(failed);
  document.getElementById('refresh').onclick = () =>
    manager.signinSilent().then((user) => { show(user); write('state', 'refreshed'); }).catch(failed);
  const query = new URLSearchParams(location.search);
  (query.has('code') ? manager.signinCallback() : manager.getUser()).then(show).catch(failed);
</script>`;
