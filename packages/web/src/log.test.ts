import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import supertest from 'supertest';
import { expect, it } from 'vitest';
import { requestLog } from './log.ts';
import { recordingLog, testApp } from './testing/test-app.ts';

it('S93 writes one line for each request, with its id and without the query', async () => {
  const { log, lines } = recordingLog();
  const app = testApp([requestLog(log), (_req, res) => void res.cookie('session', 'secret-cookie').sendStatus(204)]);
  const { headers } = await supertest(app).get('/auth/callback?code=secret-code&state=secret-state');
  await supertest(app).get('/livez');
  expect(lines).toEqual([
    expect.objectContaining({
      msg: 'GET /auth/callback 204',
      requestId: headers['x-request-id'],
      ms: expect.any(Number),
    }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret-');
});

it('S71 drops secrets and cannot be made to begin a new line', async () => {
  const script = `
    import { createLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
    const log = createLog({ name: 'x', level: 'info', readable: false });
    log.info({ password: 'p1', body: { client_secret: 'p2' }, req: { headers: { cookie: 'p3' } } }, 'one\\nline');`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script]);
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(output).not.toMatch(/p[123]/);
  expect(output.trim().split('\n')).toHaveLength(1);
});
