import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { list, record } from './index.ts';

describe('audit', () => {
  let db: TestDatabase;
  let clerk: string;
  let head: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    clerk = await db.personId('tomas.reyes');
    head = await db.personId('grace.lindqvist');
    await record(db.owner, { type: 'sign_in.succeeded', actorPersonId: clerk, address: '192.0.2.7' });
    await record(db.owner, {
      type: 'app.finance.claim_approved',
      actorPersonId: head,
      subjectPersonId: clerk,
      clientId: 'finance',
      detail: { amount: 8430 },
    });
  });
  afterAll(() => db.close());

  const types = async (filter: Parameters<typeof list>[1]) => (await list(db.owner, filter)).map(({ type }) => type);

  it('S93 keeps who did what to whom, in which app, and who wrote it down', async () => {
    const [approved] = await list(db.owner, { types: ['app.finance.claim_approved'] });
    expect(approved).toMatchObject({
      actorPersonId: head,
      actorName: 'Grace Lindqvist',
      subjectName: 'Tomas Reyes',
      clientId: 'finance',
      detail: { amount: 8430 },
      recordedBy: 'gatehouse',
    });
    expect(Math.abs((approved?.at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('lists the newest first, of the person, app or kind that was asked for', async () => {
    expect(await types({ personId: clerk })).toEqual(['app.finance.claim_approved', 'sign_in.succeeded']);
    expect(await types({ personId: head })).toEqual(['app.finance.claim_approved']);
    expect(await types({ subjectPersonId: clerk })).toEqual(['app.finance.claim_approved']);
    expect(await types({ clientId: 'finance' })).toEqual(['app.finance.claim_approved']);
    expect(await types({ types: ['sign_in.succeeded'] })).toEqual(['sign_in.succeeded']);
  });

  it('goes on where a page ended', async () => {
    const [newest] = await list(db.owner, { personId: clerk, limit: 1 });
    expect(await types({ personId: clerk, before: newest?.id })).toEqual(['sign_in.succeeded']);
  });
});
