import express from 'express';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { clientOfRequest } from './client-of-request.ts';

const app = express().use((req, res) => void res.json({ client: clientOfRequest(req) }));
const clientAt = async (path: string, headers: Record<string, string> = {}) =>
  (await supertest(app).get(path).set(headers)).body.client as unknown;

describe('S87 whose share of the requests one is', () => {
  it.each([
    '/auth',
    '/token',
    '/auth/resumed-uid',
    '/session/end',
    '/.well-known/openid-configuration',
    '/jwks',
    '/AUTH',
  ])('follows from the client that it names: %s', async (path) =>
    expect(await clientAt(`${path}?client_id=finance`)).toBe('finance'),
  );

  it('follows from the client that authenticates itself', async () => {
    expect(await clientAt('/token', { authorization: `Basic ${btoa('finance:secret')}` })).toBe('finance');
  });

  it('is that of nobody where it names none, and no share of its own at a page', async () => {
    expect(await clientAt('/auth')).toBe('');
    expect(await clientAt('/auth?client_id=a&client_id=b')).toBe('');
    expect(await clientAt('/account?client_id=finance')).toBeUndefined();
    expect(await clientAt('/authors?client_id=finance')).toBeUndefined();
  });

  it('has a name of limited length', async () => {
    expect(await clientAt(`/auth?client_id=${'x'.repeat(5000)}`)).toHaveLength(100);
  });
});
