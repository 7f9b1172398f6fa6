import { isIP } from 'node:net';
import { z } from 'zod';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `https`, or `http` on this machine only. */
const isSafeUrl = (url: URL) =>
  url.protocol === 'https:' ||
  (url.protocol === 'http:' && (LOOPBACK.has(url.hostname) || url.hostname.endsWith('.localhost')));

/** An origin such as `https://finance.example.org`, without path or trailing slash. */
export const origin = z.string({ error: 'is missing' }).superRefine((value, context) => {
  if (!URL.canParse(value)) return context.addIssue('must be a URL');
  const url = new URL(value);
  if (!isSafeUrl(url)) context.addIssue('must be https (http is for localhost only)');
  if (url.origin !== value) context.addIssue('must be an origin: no path, no trailing slash, no user');
});

/** 32 random bytes in base64url. What is too regular to be random is refused, so that no placeholder gets through. */
export const secretKey = z
  .string({ error: 'is missing' })
  .regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url (43 characters)')
  .refine((value) => new Set(value).size > 15, 'must be random');

const isNetwork = (entry: string) => {
  const [address = '', bits, ...rest] = entry.split('/');
  const limit = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= limit))
  );
};

/** Comma separated addresses or CIDR blocks of the proxies in front; none by default. */
const proxies = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  )
  .refine((entries) => entries.every(isNetwork), 'must list addresses or CIDR blocks of proxies');

export const databaseUrl = z
  .string({ error: 'is missing' })
  .regex(/^postgres(?:ql)?:\/\//, 'must be a postgresql:// URL');

/** The organisation that runs it, as pages name it. */
export const organisationVariables = {
  ORGANISATION_NAME: z.string({ error: 'is missing' }).trim().min(1, 'is missing'),
  /** IANA name: in which pages show instants, and at whose midnight appointments begin and end. */
  ORGANISATION_TIME_ZONE: z
    .string({ error: 'is missing' })
    .refine((name) => Intl.supportedValuesOf('timeZone').includes(name), 'must be a time zone such as Europe/London'),
};

/** What every process of the organisation reads. */
export const baseEnvironment = {
  settings: {
    ...organisationVariables,
    NODE_ENV: z.enum(['development', 'test', 'production'], { error: 'must be development, test or production' }),
    /** Own origin, as browsers see it. */
    BASE_URL: origin,
    PORT: z.coerce
      .number({ error: 'must be a port' })
      .int('must be a port')
      .min(0, 'must be a port')
      .max(65535, 'must be a port'),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
    TRUST_PROXY: proxies,
    /** A view below every page, for development only. */
    DEVELOPMENT_BAR: z.string().optional(),
    /** To whom faults in our security are told, in `/.well-known/security.txt` (RFC 9116). */
    SECURITY_CONTACT: z
      .string()
      .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'must be mailto:ADDRESS or https://ADDRESS')
      .optional(),
    /** What DATABASE_URL leads to in PostgreSQL's place; none by default. */
    DATABASE_POOLER: z.enum(['transaction'], { error: 'must be transaction' }).optional(),
    /** See `floodGuard`. */
    REQUESTS_PER_MINUTE: z.coerce.number({ error: 'must be a number' }).int().min(1).default(3000),
    /** See `serve`. */
    DRAIN_SECONDS: z.coerce.number({ error: 'must be a number of seconds' }).min(0).max(120).default(0),
  },
  secrets: {
    /** The app's own database login. */
    DATABASE_URL: databaseUrl,
  },
};

/** What every relying party reads. */
export const relyingPartyEnvironment = {
  settings: {
    ...baseEnvironment.settings,
    /** Origin of the identity provider. */
    ISSUER: origin,
  },
  secrets: {
    ...baseEnvironment.secrets,
    CLIENT_SECRET: secretKey,
    /** Seals the app's sessions and signs its cookies. */
    SESSION_KEY: secretKey,
  },
};
