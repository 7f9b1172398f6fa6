import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import type { AdapterFactory, Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBarrier } from '../../../testing/barrier.ts';
import { relyingParty } from '../../../testing/relying-party.ts';
import { signIn } from '../../../testing/sign-in.ts';
import { startProvider } from '../../../testing/start-provider.ts';
import { idHash } from '../storage/payload.ts';

const AT_ONCE = 10;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/**
 * How many of ten redemptions of one code succeed when all of them have seen it unused before any of them uses it up.
 *
 * @param markUsed in place of our `consume`
 */
async function redeemedAtOnce(markUsed?: (id: string) => Promise<void>): Promise<number> {
  const allHaveLooked = createBarrier(AT_ONCE);
  const configure = (ours: Configuration): Configuration => ({
    ...ours,
    adapter: (model: string) => {
      const adapter = (ours.adapter as AdapterFactory)(model);
      if (model !== 'AuthorizationCode') return adapter;
      const consume = markUsed ?? adapter.consume.bind(adapter);
      return Object.assign(adapter, { consume: (id: string) => allHaveLooked().then(() => consume(id)) });
    },
  });
  const running = await startProvider({ db, configure });
  try {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'grace.lindqvist');
    const finance = relyingParty(running, 'finance', 4003);
    const code = await finance.codeFor(browser);
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => finance.redeem(code)));
    expect(answers.every(({ status }) => status === 200 || status === 400)).toBe(true);
    return answers.filter(({ status }) => status === 200).length;
  } finally {
    await running.stop();
  }
}

describe('duty 1 S11 using a code up is one conditional statement that fails for all but one', () => {
  it('with the guard, one of ten redemptions at once succeeds', async () => {
    expect(await redeemedAtOnce()).toBe(1);
  });

  it('without it, where a plain UPDATE marks the code, all ten get tokens', async () => {
    const markUsed = async (id: string) => {
      await db.owner.query(
        `UPDATE protocol.state SET consumed_at = now() WHERE model = 'AuthorizationCode' AND id_hash = $1`,
        [idHash(id)],
      );
    };
    expect(await redeemedAtOnce(markUsed)).toBe(AT_ONCE);
  });
});
