import { expect, it, vi } from 'vitest';
import { startJob } from './job.ts';
import { createLog } from './log.ts';

const log = createLog({ name: 'test', level: 'silent' });
const options = { name: 'test', everySeconds: 0.01, log };

it('runs again after a failure, never twice at once, and not after it was stopped', async () => {
  let turns = 0;
  let atOnce = 0;
  let most = 0;
  const job = startJob({
    ...options,
    async run() {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 30));
      atOnce--;
      turns++;
      throw new Error('as it happens');
    },
  });
  await vi.waitFor(() => expect(turns).toBeGreaterThan(2));
  await vi.waitFor(() => expect(atOnce).toBe(1));
  await job.stop();
  const turnsAtStop = turns;
  expect([most, atOnce]).toEqual([1, 0]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(turns).toBe(turnsAtStop);
});
