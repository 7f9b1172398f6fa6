import { join } from 'node:path';
import { startPersonas } from '@gatehouse/personas';
import { demoPeopleOf } from './org-file.ts';
import type { StartContext } from './start-steps.ts';

/** Makes the bar for every page by which a developer is somebody else, and serves what it links to. */
export async function offerPersonas(
  context: StartContext,
  local: string,
  resources: AsyncDisposableStack,
): Promise<void> {
  context.developmentBar = join(local, 'development-bar.ejs');
  const personas = await startPersonas({
    port: context.addresses.personasPort,
    people: demoPeopleOf(context.organisation),
    barFile: context.developmentBar,
    originOf(clientId) {
      const { issuer, apps } = context.addresses;
      if (clientId === 'identity-provider') return issuer.url;
      return apps.find(({ manifest }) => manifest.clientId === clientId)?.url;
    },
  });
  resources.defer(() => personas.close());
}
