import express from 'express';
import supertest from 'supertest';
import { expect, it } from 'vitest';
import { forwardedFor } from './forwarded-for.ts';
import type { Logger } from './log.ts';

function appBehind(trusted: string[]) {
  const warnings: object[] = [];
  const app = express().set('trust proxy', trusted);
  app.use(forwardedFor({ warn: (fields: object) => warnings.push(fields) } as unknown as Logger));
  app.use((req, res) => void res.json(req.ip));
  const ipOf = async (header: string) => (await supertest(app).get('/').set('x-forwarded-for', header)).body as string;
  return { ipOf, warnings };
}
const loopback = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:50312', '192.0.2.7'],
  ['[2001:db8::7]:50312', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['2001:db8::7', '2001:db8::7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['[::ffff:192.0.2.7]:80', '192.0.2.7'],
  ['203.0.113.1:1, 192.0.2.7:2', '192.0.2.7'],
  ['192.0.2.7:1, 127.0.0.1:2', '192.0.2.7'],
  ['unknown, 192.0.2.7', '192.0.2.7'],
])('C58 %s is %s', async (header, ip) => {
  expect(await appBehind(loopback).ipOf(header)).toBe(ip);
});

it.each(['unknown', '', '192.0.2.7:port', '_hidden', '192.0.2.300', '192.0.2.7, unknown', '[192.0.2.7', "' OR 1=1"])(
  'C58 %j is no address: the peer counts, and the log names it once, with the setting',
  async (header) => {
    const { ipOf, warnings } = appBehind(loopback);
    for (let i = 0; i < 3; i++) expect(loopback).toContain(await ipOf(header));
    expect(warnings).toHaveLength(1);
  },
);

it('C58 nobody else writes into the log, nor is believed', async () => {
  const { ipOf, warnings } = appBehind([]);
  expect(loopback).toContain(await ipOf('unknown'));
  expect(loopback).toContain(await ipOf('192.0.2.7:1'));
  expect(warnings).toEqual([]);
});
