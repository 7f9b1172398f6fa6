import type { CDPSession, Page } from 'playwright-core';

export interface VirtualAuthenticator {
  /** Whether its owner unlocks it and agrees at once. Without, whoever asks goes on waiting. */
  agree(present: boolean): Promise<void>;
}

/** A phone or computer that keeps passkeys, plugged into this window. */
export async function plugIn(page: Page): Promise<VirtualAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    async agree(enabled) {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
  };
}
