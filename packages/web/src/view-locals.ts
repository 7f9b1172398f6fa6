import type { Express, Request, RequestHandler } from 'express';
import { dateFormats } from './date-formats.ts';
import { emailInWords } from './email-in-words.ts';
import type { Assets } from './static-assets.ts';
import { html, t } from './texts.ts';

/** Who is signed in, as the views need it; auth-client's `req.auth` fits. */
export interface ViewAuth {
  person: { id: string; name: string; email?: string | null };
  roles: readonly string[];
  /** The apps this person may open. */
  apps: readonly { clientId: string; title: string; url: string }[];
  session?: { sid: string };
}

export const authOf = (req: Request): ViewAuth | undefined => (req as Request & { auth?: ViewAuth }).auth;

export interface NavLink {
  href: string;
  title: string;
  /** Only people with one of these app roles see the link. It hides; the route's guard protects. */
  roles?: readonly string[];
}

export type Accent = 'harbour' | 'moss' | 'plum' | 'rust' | 'slate' | 'ochre';

/** What the views know about the app; an app manifest gives most of it. */
export interface ViewApp {
  manifest: {
    clientId: string;
    title: string;
    roles?: Readonly<Record<string, { title: string; description?: string }>>;
    /** One of `Accent`; anything else looks like `harbour`. */
    accent?: Accent | (string & {}) | undefined;
  };
  nav?: readonly NavLink[];
  /** Origin of the identity provider, whose front page is "All my apps". */
  issuer?: string;
  /** Its name stands on every page; views show instants in its time zone (an IANA name). */
  organisation: { name: string; timeZone: string };
  /** Path of a view that stands below every page in development. */
  developmentBar?: string | undefined;
  /** Where an open page asks whether its person is still signed in. Default: it does not ask. */
  sessionPath?: string;
  /** Where the sign-out button posts to. Default `/auth/logout`. */
  signOutPath?: string;
}

/**
 * Gives every view `app`, `asset(name)`, the date formats, `anyOf(words)`, `emailInWords(address)`, the texts of the
 * look in English, `auth`, `path`, `requestId`, `done` and an (empty) `csrfToken`.
 */
export function viewLocals(app: Express, options: ViewApp): RequestHandler {
  const { manifest, nav = [], issuer, organisation, developmentBar, sessionPath } = options;
  const { signOutPath = '/auth/logout' } = options;
  const { url } = app.locals.assets as Assets;
  const alternatives = new Intl.ListFormat('en-GB', { type: 'disjunction' });
  Object.assign(app.locals, {
    asset: url,
    language: 'en',
    t,
    html,
    emailInWords,
    anyOf: (words: readonly string[]) => alternatives.format(words),
    ...dateFormats(organisation.timeZone),
    app: {
      accent: 'harbour',
      roles: {},
      ...manifest,
      nav,
      issuer,
      organisation: organisation.name,
      timeZone: organisation.timeZone,
      developmentBar,
      sessionPath,
      signOutPath,
    },
  });
  return (req, res, next) => {
    res.locals.path = req.path;
    res.locals.csrfToken = '';
    // Read late, because the request id and the session come to be after this.
    Object.defineProperties(res.locals, {
      auth: { get: () => authOf(req), enumerable: true },
      requestId: { get: () => req.id, enumerable: true },
      done: { get: () => req.query.done, enumerable: true },
    });
    next();
  };
}
