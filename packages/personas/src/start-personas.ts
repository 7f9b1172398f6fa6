import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
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
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost');
    const person = people.find(({ login }) => login === searchParams.get('login'));
    const page = pageOf(searchParams);
    const say = (status: number, text: string) =>
      res.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
    if (pathname !== '/become' || !person || !page || !isLocal(req)) return say(404, 'There is nobody to be here.');
    become(page, person, req.headers.cookie ?? '').then(
      ({ location, cookies }) =>
        res.writeHead(303, { location, 'set-cookie': cookies, 'cache-control': 'no-store' }).end(),
      (error: Error) => say(502, error.message),
    );
  }).listen(port, '127.0.0.1');

  function pageOf(query: URLSearchParams): string | undefined {
    const origin = originOf(query.get('app') ?? '');
    // The cookie of an interaction is not sent here, so the way goes on at the front page.
    const asked = query.get('path') ?? '/';
    const page = origin && URL.parse(asked.startsWith('/interaction/') ? '/' : asked, origin);
    return page && page.origin === origin ? page.href : undefined;
  }

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
function isLocal({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  const isOurs = site === undefined || ['same-site', 'same-origin', 'none'].includes(String(site));
  return isOurs && headers.host?.split(':')[0] === 'localhost';
}
