import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { expectedAddresses } from './expected-addresses.ts';
import { answerOptions } from './routes/answer-options.ts';
import { mountRoutes } from './routes/mount-routes.ts';
import { testApp } from './testing/test-app.ts';

const ok = (_req: unknown, res: { json(body: unknown): void }) => res.json('done');
const changePassword = 'https://id.example/account/password';
const passkeys = { enroll: 'https://id.example/new', manage: 'https://id.example/all' };
const app = supertest(
  testApp([
    answerOptions(),
    expectedAddresses({ changePassword, passkeys, securityContact: 'mailto:security@example.org' }),
    mountRoutes([{ method: 'get', path: '/claims/:id', allow: 'public', handler: ok }]),
    mountRoutes([{ method: 'post', path: '/claims/:id', allow: 'public', handler: ok }]),
  ]),
);

describe('C51 addresses that browsers and people expect', () => {
  it('lead to the page that changes the password, and to the icon', async () => {
    await app.get('/.well-known/change-password').expect(302).expect('location', changePassword);
    await app
      .get('/favicon.ico')
      .expect(302)
      .expect('location', /^\/assets\/favicon\..*svg$/);
  });

  it('say what is not to be indexed, where passkeys are, and whom to tell', async () => {
    expect((await app.get('/robots.txt')).text).toBe('User-agent: *\nDisallow: /\n');
    expect((await app.get('/.well-known/passkey-endpoints')).body).toEqual(passkeys);
    const { text, headers } = await app.get('/.well-known/security.txt');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toContain('Contact: mailto:security@example.org\n');
    const [, expires = ''] = /^Expires: (.*)$/m.exec(text) ?? [];
    expect(+new Date(expires)).toBeGreaterThan(Date.now());
  });

  it('are not there where nobody has said', async () => {
    const bare = supertest(testApp([expectedAddresses({ changePassword })]));
    await bare.get('/.well-known/passkey-endpoints').expect(404);
    await bare.get('/.well-known/security.txt').expect(404);
    await bare.get('/toString').expect(404);
  });

  it('answer HEAD like GET, OPTIONS with what they take, and refuse the rest', async () => {
    await app.head('/robots.txt').expect(200);
    await app.options('/robots.txt').expect(204).expect('allow', 'GET, HEAD, OPTIONS');
    await app.post('/robots.txt').expect(405).expect('allow', 'GET, HEAD, OPTIONS');
  });
});

it('C51 every declared route answers OPTIONS with all that its address takes, and HEAD where it takes GET', async () => {
  await app.options('/claims/1').expect(204).expect('allow', 'GET, HEAD, OPTIONS, POST');
  await app.head('/claims/1').expect(200);
  await app.options('/nothing').expect(404);
});
