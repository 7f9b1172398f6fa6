import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { type ProviderApi, startProviderApi } from './provider-api.ts';
import { relyingPartyWith } from './relying-party.ts';

export interface ConsoleWithApi {
  api: ProviderApi;
  rp: RunningRelyingParty;
  /** An administrator, signed in. */
  noor: Visitor;
  /** An auditor, signed in. */
  ruth: Visitor;
  close(): Promise<void>;
}

/** The console with the identity provider's API behind it, for what people change there. */
export async function startConsoleWithApi(): Promise<ConsoleWithApi> {
  const api = await startProviderApi();
  const rp = await startRelyingParty(relyingPartyWith(api.url));
  await api.serve(rp);
  return {
    api,
    rp,
    noor: await signInAs(rp, 'noor.haddad'),
    ruth: await signInAs(rp, 'ruth.abara'),
    async close() {
      await rp.close();
      await api.close();
    },
  };
}
