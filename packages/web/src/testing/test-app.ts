import { Writable } from 'node:stream';
import type { Express, RequestHandler } from 'express';
import pino, { type Logger } from 'pino';
import { errorHandler, notFound } from '../error-handler.ts';
import { requestId } from '../request-id.ts';
import type { ViewApp, ViewAuth } from '../view-locals.ts';
import { createWebApp } from '../web-app.ts';

export const manifest = {
  clientId: 'finance',
  title: 'Finance',
  roles: { approver: { title: 'Approver' }, clerk: { title: 'Clerk' } },
};

export const grace: ViewAuth = {
  person: { id: '1', name: 'Grace Okafor', email: 'grace.okafor@harbour.example' },
  roles: ['clerk'],
  apps: [
    { clientId: 'finance', title: 'Finance', url: 'http://localhost:4003' },
    { clientId: 'service-desk', title: 'Service Desk', url: 'http://localhost:4004' },
  ],
  session: { sid: 'sid-of-grace' },
};

export interface TestAppOptions extends Partial<ViewApp> {
  auth?: ViewAuth;
  views?: string[];
  log?: Logger;
}

/** An app with nothing but `middlewares` between the request id and the error handler. */
export function testApp(middlewares: RequestHandler[], options: TestAppOptions = {}): Express {
  const { auth, views = [], log = pino({ level: 'silent' }), ...viewApp } = options;
  const organisation = { name: 'Harbour Council', timeZone: 'Europe/London' };
  const app = createWebApp({ manifest, organisation, views, ...viewApp });
  app.use(requestId());
  app.use((req, _res, next) => {
    if (auth) Object.assign(req, { auth });
    next();
  });
  app.use(...middlewares, notFound());
  app.use(errorHandler(log));
  return app;
}

/** A log whose lines can be read. */
export function recordingLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  return { log: pino({ level: 'info' }, destination), lines };
}
