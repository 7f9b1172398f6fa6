import type { RequestHandler } from 'express';
import { infrastructure } from './routes/inspect-routes.ts';
import type { Assets } from './static-assets.ts';

export interface ExpectedAddresses {
  /** Where people change their password (W3C, "A Well-Known URL for Changing Passwords"). */
  changePassword: string;
  /** Where they add a passkey and where they see theirs (W3C, "Passkey Endpoints"); absent where there are none. */
  passkeys?: { enroll: string; manage: string };
  /** To whom faults in our security are told: `mailto:` or `https:` (RFC 9116); absent where nobody has said. */
  securityContact?: string | undefined;
}

const YEAR = 365 * 24 * 60 * 60 * 1000;
const NOTHING_IS_INDEXED = 'User-agent: *\nDisallow: /\n';

/** Addresses that browsers, password managers, crawlers and people ask for without having been told. */
export function expectedAddresses({ changePassword, passkeys, securityContact }: ExpectedAddresses): RequestHandler {
  const answers: Record<string, RequestHandler> = {
    '/favicon.ico': (req, res) => res.redirect(302, (req.app.locals.assets as Assets).url('favicon.svg')),
    '/robots.txt': (_req, res) => void res.type('text').send(NOTHING_IS_INDEXED),
    '/.well-known/change-password': (_req, res) => res.redirect(302, changePassword),
    ...(passkeys && { '/.well-known/passkey-endpoints': (_req, res) => void res.json(passkeys) }),
    ...(securityContact && {
      '/.well-known/security.txt': (_req, res) => void res.type('text').send(securityText(securityContact)),
    }),
  };
  return infrastructure<RequestHandler>((req, res, next) => {
    const answer = Object.hasOwn(answers, req.path) ? answers[req.path] : undefined;
    if (!answer) return next();
    const methods = 'GET, HEAD, OPTIONS';
    if (req.method === 'OPTIONS') return void res.set('allow', methods).status(204).end();
    if (req.method !== 'GET' && req.method !== 'HEAD') return void res.set('allow', methods).status(405).end();
    return answer(req, res, next);
  });
}

/** It has to say until when it holds; whoever runs this release stands by it for another year. */
function securityText(contact: string): string {
  return `Contact: ${contact}\nExpires: ${new Date(Date.now() + YEAR).toISOString()}\nPreferred-Languages: en\n`;
}
