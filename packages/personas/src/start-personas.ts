import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import express, { type Request } from 'express';
import { type Persona, renderBar } from './bar.ts';
import { become } from './become.ts';

export interface PersonasOptions {
  port: number;
  people: readonly Persona[];
  /** The origin of an app by its client id, `identity-provider` included; asked at each change, as apps come and go. */
  originOf(clientId: string): string | undefined;
  /** Where the bar is written, for the pages to include. */
  barFile: string;
}

export interface Personas {
  close(): Promise<void>;
}

/**
 * Lets a developer be somebody else by one click in the bar of any page, by a real sign-out and a real sign-in: every
 * app learns of it as it would from the person. It reads and sets the cookies of `localhost`, which has them whatever
 * the port, so it works on this machine only, and it is part of no deployment.
 */
export async function startPersonas({ port, people, originOf, barFile }: PersonasOptions): Promise<Personas> {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.get('/become', async (req, res) => {
    const person = people.find(({ login }) => login === req.query.login);
    const page = pageOf(req);
    if (!person || !page || !isLocal(req)) return res.status(404).type('text').send('There is nobody to be here.\n');
    const { location, cookies } = await become(page, person, req.headers.cookie ?? '');
    for (const cookie of cookies) res.append('set-cookie', cookie);
    res.set('cache-control', 'no-store');
    res.redirect(303, location);
  });

  function pageOf({ query }: Request): string | undefined {
    const origin = originOf(String(query.app));
    // The cookie of an interaction is not sent here, so the way goes on at the front page.
    const path = String(query.path).startsWith('/interaction/') ? '/' : String(query.path);
    const page = origin && URL.parse(path, origin);
    return page && page.origin === origin ? page.href : undefined;
  }

  const server = createServer(app).listen(port, '127.0.0.1');
  await once(server, 'listening');
  writeFileSync(barFile, renderBar(`http://localhost:${port}`, people));
  return {
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Followed on a page of the organisation, or typed: not by a page of somebody else, nor under another host's name. */
function isLocal({ hostname, headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  return (
    hostname === 'localhost' && (site === undefined || ['same-site', 'same-origin', 'none'].includes(String(site)))
  );
}
