import type { Logger } from '@gatehouse/web';
import type { ClientMetadata, default as Provider } from 'oidc-provider';
import type { Pool } from 'pg';
import { claimDeliveries, type Delivery, markDelivered, markFailed } from './logout-outbox.ts';
import type { Notifications } from './notifications.ts';

const AT_ONCE = 20;
const FIRST_RETRY_SECONDS = 1;
const LAST_RETRY_SECONDS = 300;
/** For what no notification and no timer of this process announces: deliveries that a dead instance left behind. */
const LOOK_AGAIN_MS = 10_000;

export interface DeliveryWorker {
  /** Lets tries under way end, and starts no more. */
  stop(): Promise<void>;
}

/**
 * Tells apps elsewhere that a session has ended (OpenID Connect Back-Channel Logout 1.0), from an outbox that was
 * written in the transaction that ended it. A delivery is leased while it is tried, with a new token each time, until
 * the app has taken one or its session is over anyway. No app waits for another.
 */
export function deliverLogouts(deps: {
  provider: Provider;
  pool: Pool;
  /** Must listen to `logout_due`. */
  notifications: Notifications;
  log: Logger;
}): DeliveryWorker {
  const { provider, pool, notifications, log } = deps;
  const underWay = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let stopped = false;

  notifications.on('logout_due', look);
  const interval = setInterval(look, LOOK_AGAIN_MS).unref();
  look();

  function look(): void {
    lookAgain = true;
    looking ??= claimDue()
      .catch((err: unknown) => log.warn({ err }, 'logout deliveries could not be read'))
      .finally(() => {
        looking = undefined;
      });
  }

  async function claimDue(): Promise<void> {
    while (lookAgain && !stopped && underWay.size < AT_ONCE) {
      lookAgain = false;
      for (const delivery of await claimDeliveries(pool, AT_ONCE - underWay.size)) start(delivery);
    }
  }

  function start(delivery: Delivery): void {
    const done = attempt(delivery)
      .catch((err: unknown) => log.error({ err, clientId: delivery.clientId }, 'a logout delivery was not recorded'))
      .finally(() => {
        underWay.delete(done);
        look();
      });
    underWay.add(done);
  }

  async function attempt(delivery: Delivery): Promise<void> {
    try {
      await tell(provider, delivery);
    } catch (cause) {
      const seconds = retryAfter(delivery.attempts);
      await markFailed(pool, delivery, seconds, cause as Error);
      log.info(
        { clientId: delivery.clientId, attempts: delivery.attempts, err: cause },
        'an app was not told of a logout',
      );
      lookIn(seconds);
      return;
    }
    await markDelivered(pool, delivery);
  }

  function lookIn(seconds: number): void {
    if (stopped) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        look();
      },
      seconds * 1000 + 20,
    );
    timers.add(timer.unref());
  }

  return {
    async stop() {
      stopped = true;
      clearInterval(interval);
      for (const timer of timers) clearTimeout(timer);
      await looking;
      await Promise.allSettled(underWay);
    },
  };
}

/** What the library's types leave out: this method makes, signs and posts a logout token. */
type LogoutTeller = new (metadata: ClientMetadata) => { backchannelLogout(sub: string, sid: string): Promise<void> };

/** A client that can be told of logouts and nothing else, so that a removed one can be told as well. */
async function tell(provider: Provider, { clientId, personId, sid, receiver }: Delivery): Promise<void> {
  if (!receiver?.backchannel_logout_uri) throw new Error('the client is not registered for back-channel logout');
  const Client = provider.Client as unknown as LogoutTeller;
  const client = new Client({
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    redirect_uris: [],
    response_types: [],
    grant_types: [],
    backchannel_logout_uri: receiver.backchannel_logout_uri,
    backchannel_logout_session_required: receiver.backchannel_logout_session_required === true,
    id_token_signed_response_alg: receiver.id_token_signed_response_alg ?? 'ES256',
  });
  await client.backchannelLogout(personId, sid);
}

/** Twice as long after each try, up to five minutes, and never in step with the others. */
function retryAfter(attempts: number): number {
  const seconds = Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), LAST_RETRY_SECONDS);
  return seconds * (0.75 + Math.random() / 2);
}
