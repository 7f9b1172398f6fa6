import { expect, it } from 'vitest';
import { loadSettings } from '../settings.ts';
import { freePortBase, refusedPortFrom } from './index.ts';

it.each(['6000', '5999', '5050', '5030', '4020', '6660', '10079', '3640'])(
  'C61 PORT_BASE=%s is refused at once, with the port and the reason',
  (PORT_BASE) => {
    expect(() => loadSettings({ PORT_BASE })).toThrow(/PORT_BASE: .*port \d+.*browsers refuse/);
  },
);

it.each(['4000', '5000', '7000', '6001', '10081'])('C61 PORT_BASE=%s is taken', (PORT_BASE) => {
  expect(loadSettings({ PORT_BASE }).portBase).toBe(Number(PORT_BASE));
});

it('C61 none is given by chance either', async () => {
  expect(refusedPortFrom(await freePortBase())).toBeUndefined();
});
