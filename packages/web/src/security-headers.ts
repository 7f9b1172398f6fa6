import type { RequestHandler } from 'express';
import helmet from 'helmet';

export interface SecurityHeadersOptions {
  /**
   * Origins beside our own that a form's answer may redirect to. Chromium applies `form-action` to every
   * redirect after a form, so this must name each origin in the sign-in and sign-out chains.
   */
  formAction?: readonly string[];
  /** Default `same-origin`: no other site learns our addresses, and browsers still send a real `Origin`. */
  referrerPolicy?: 'same-origin' | 'no-referrer';
  /**
   * Gives pages a browser process that they share with no other origin, for those where passwords are typed. Default
   * false, because the way to and from such a page takes the browser longer than the rest of a hop.
   */
  isolated?: boolean;
}

/**
 * Strict headers for server-rendered pages: only our own files load, nothing inline runs, nobody may frame us,
 * and no page is kept in a cache (a shared computer's Back button would show it after sign-out).
 */
export function securityHeaders(options: SecurityHeadersOptions = {}): RequestHandler {
  const { isolated = false } = options;
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'", ...(options.formAction ?? [])],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: options.referrerPolicy ?? 'same-origin' },
    xFrameOptions: { action: 'deny' },
    xPoweredBy: false,
    crossOriginOpenerPolicy: isolated,
    originAgentCluster: isolated,
  });
  return (req, res, next) => {
    res.set('cache-control', 'no-store');
    res.set('x-robots-tag', 'noindex');
    res.set('permissions-policy', 'camera=(), geolocation=(), microphone=()');
    headers(req, res, next);
  };
}
