import type { Configuration } from 'oidc-provider';
import type { ClientRegistry } from './clients/registry.ts';

/** Cloud metadata services live here; no app does. */
const LINK_LOCAL = /^(169\.254\.|\[fe[89ab])/i;

/**
 * The provider's outgoing calls: logout tokens, and the key sets of clients that have their own. The library refuses
 * addresses of special use, private ones among them (server-side request forgery). Department apps often live at
 * such addresses, so the guard is lifted for exactly the origins that are registered to be called, and stays for the
 * rest.
 */
export function createFetch(clients: ClientRegistry): NonNullable<Configuration['fetch']> {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const registered = (await clients.addresses()).callTargets.has(url.origin) && !LINK_LOCAL.test(url.hostname);
    return fetch(input, registered ? withoutGuard(init) : init);
  };
}

/** The library hands its guard over as a dispatcher, which is undici's addition to `RequestInit`. */
function withoutGuard(init: (RequestInit & { dispatcher?: unknown }) | undefined): RequestInit {
  const { dispatcher: _guard, ...rest } = init ?? {};
  return rest;
}
