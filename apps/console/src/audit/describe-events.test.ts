import type { AuditEntry } from '@gatehouse/audit';
import { createTestDatabase } from '@gatehouse/test-kit';
import { expect, it } from 'vitest';
import { describeEvents } from './describe-events.ts';

const entry: AuditEntry = {
  id: '1',
  at: new Date(),
  type: 'consent.given',
  actorPersonId: null,
  actorName: null,
  subjectName: null,
  subjectPersonId: null,
  clientId: 'finance',
  sessionUid: null,
  address: null,
  requestId: null,
  recordedBy: 'finance',
  detail: {},
};

it('says what an event tells, lists and tables included, and nothing of what is empty', async () => {
  const db = await createTestDatabase();
  const detail = {
    scopes: ['openid', 'profile'],
    apiScopes: { 'https://hr.example/api': ['manager:read', 'people:read'] },
    left: {},
    none: [],
    because: 'person_disabled',
  };
  const described = await describeEvents(db.owner, [
    { ...entry, detail },
    { ...entry, type: 'app.finance.claim_paid', detail: { claim: 1008 } },
    { ...entry, detail: { apiScopes: {} } },
  ]);
  expect(described.map(({ title, app, detail }) => [title, app, detail])).toEqual([
    [
      'Consent given',
      'Finance',
      'scopes: openid, profile; apiScopes: https://hr.example/api: manager:read, people:read; because: person disabled',
    ],
    ['Claim paid', 'Finance', 'claim: 1008'],
    ['Consent given', 'Finance', ''],
  ]);
  await db.close();
});
