import { Router } from 'express';
import { infrastructure } from './routes/inspect-routes.ts';

export interface HealthOptions {
  /** Resolves when the app can serve: its database answers, its keys are loaded. Rejects with the reason. */
  ready: () => Promise<unknown>;
  /** Milliseconds after which a check that has not answered counts as failed. Default 2000. */
  timeout?: number;
}

/**
 * `GET /livez`: this process runs. `GET /readyz`: it can serve; otherwise 503 with a reason.
 * From the moment `serve` begins to stop, `/readyz` answers `draining`.
 */
export function health({ ready, timeout = 2000 }: HealthOptions): Router {
  const router = Router();
  router.get('/livez', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (req, res) => {
    if (req.app.locals.draining) {
      res.status(503).json({ status: 'draining' });
      return;
    }
    try {
      await within(timeout, ready());
      res.json({ status: 'ok' });
    } catch (cause) {
      req.log?.warn({ err: cause }, 'not ready');
      res.status(503).json({ status: 'unavailable', reason: reasonOf(cause) });
    }
  });
  return infrastructure(router);
}

/** A stable code where the error has one: messages of database drivers name hosts and logins. */
function reasonOf(cause: unknown): string {
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : 'check_failed';
}

async function within(milliseconds: number, check: Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(Object.assign(new Error('readiness check timed out'), { code: 'timeout' })),
    milliseconds,
  );
  try {
    await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}
