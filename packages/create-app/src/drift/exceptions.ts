/** Where an app differs from the template on purpose. Whatever is not named here is drift. */
export interface Exceptions {
  /** Packages that it depends on beside the template's, with what for. */
  more?: Record<string, string>;
  /** What the template has and it does without, with why: scripts and packages. */
  less?: Record<string, string>;
  /** Names that its `app.ts` takes from the shared packages beside the template's, with what for. */
  composition?: Record<string, string>;
  /** Why its `server.ts` is its own. */
  server?: string;
}

const lists = { express: 'the type of a request', pg: 'the type of the pool', cheerio: 'tests that read pages' };
const features = { defineRoutes: 'one list of the routes of several features' };
const noTables = 'it has no tables of its own';

export const exceptions: Record<string, Exceptions> = {
  console: {
    more: {
      ...lists,
      '@gatehouse/accounts': 'it ends sessions and disables people',
      '@gatehouse/clients': 'its forms ask for what a client can be registered with',
      '@gatehouse/encryption': 'its tests register clients as the identity provider does',
    },
    less: {
      'generate: gatehouse-prisma generate': noTables,
      prisma: noTables,
      '@prisma/adapter-pg': noTables,
      '@prisma/client': noTables,
      '@gatehouse/schema-engine': noTables,
    },
    server: noTables,
  },
  finance: {
    more: { ...lists, multer: 'receipts are uploaded', '@types/multer': 'receipts are uploaded' },
    composition: features,
  },
  'human-resources': {
    more: lists,
    composition: { ...features, bearer: 'it serves an API', tokenCounts: 'it serves an API' },
  },
  'service-desk': { more: lists, composition: features },
};
