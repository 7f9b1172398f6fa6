import type { Person } from '@gatehouse/auth-client';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

/** @param body HTML */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escape(title)}</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <main>
      <h1>${escape(title)}</h1>
      ${body}
    </main>
  </body>
</html>
`;

export const frontPage = ({ name, email }: Person): string =>
  page(
    `Hello ${name}`,
    `<p>You are signed in as ${escape(email)}.</p>
      <form method="post" action="/auth/logout"><button>Sign out</button></form>`,
  );
