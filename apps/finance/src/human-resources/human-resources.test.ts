import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHumanResources } from './human-resources.ts';

const ada = '0b5c2f0e-7d0e-4c58-9d60-0a4f4f5a9a01';
const ben = '0b5c2f0e-7d0e-4c58-9d60-0a4f4f5a9a02';

let server: Server | undefined;

async function humanResourcesThat(answer: RequestListener, timeout = 2000) {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createHumanResources({ url: `http://127.0.0.1:${port}`, timeout });
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe("the manager in Human Resources' API", () => {
  it('is asked for with the token of the person, and its wire names are converted', async () => {
    let asked: string | undefined;
    const humanResources = await humanResourcesThat((req, res) => {
      asked = `${req.method} ${req.url} ${req.headers.authorization}`;
      res.end(JSON.stringify({ manager: { person_id: ben, name: 'Ben', email: 'ben@harbour.example' } }));
    });
    expect(await humanResources.managerOf(ada, 'token')).toEqual({
      personId: ben,
      name: 'Ben',
      email: 'ben@harbour.example',
    });
    expect(asked).toBe(`GET /api/people/${ada}/manager Bearer token`);
  });

  it('may be nobody', async () => {
    const humanResources = await humanResourcesThat((_, res) => res.end('{"manager":null}'));
    expect(await humanResources.managerOf(ada, 'token')).toBeUndefined();
  });

  it.each([
    [503, 'unavailable'],
    [401, 'refused'],
    [404, 'refused'],
  ])('is not known after status %i', async (status, code) => {
    const humanResources = await humanResourcesThat((_, res) => res.writeHead(status).end('{}'));
    await expect(humanResources.managerOf(ada, 'token')).rejects.toMatchObject({ code });
  });

  it.each(['<h1>Welcome</h1>', '{}', '{"manager":{"person_id":"1","name":"Ben","email":""}}'])(
    'is not guessed from %s',
    async (body) => {
      const humanResources = await humanResourcesThat((_, res) => res.end(body));
      await expect(humanResources.managerOf(ada, 'token')).rejects.toMatchObject({ code: 'answer_unreadable' });
    },
  );

  it('is not waited for longer than the timeout', async () => {
    const humanResources = await humanResourcesThat(() => {}, 100);
    await expect(humanResources.managerOf(ada, 'token')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is not followed elsewhere, so the token stays here', async () => {
    const humanResources = await humanResourcesThat((_, res) =>
      res.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
    );
    await expect(humanResources.managerOf(ada, 'token')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
