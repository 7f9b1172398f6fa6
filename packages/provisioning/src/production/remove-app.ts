/**
 * Takes an app that has left the checkout out of a production installation, by its owner:
 * `node packages/provisioning/src/production/remove-app.ts NAME [--drop-data]` with OWNER_DATABASE_URL.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baseEnvironment, parseEnvironment } from '@gatehouse/web';
import pg from 'pg';
import { deprovision } from '../deprovision.ts';
import { loadManifests } from '../manifests.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'drop-data': { type: 'boolean', default: false } },
});
const [clientId = ''] = positionals;
const environment = { settings: {}, secrets: { OWNER_DATABASE_URL: baseEnvironment.secrets.DATABASE_URL } };
const ownerUrl = parseEnvironment(environment, process.env).secrets.ownerDatabaseUrl;

const refusal = await reasonAgainst();
if (refusal) {
  console.error(refusal);
  process.exitCode = 1;
} else {
  const schema = clientId.replaceAll('-', '_');
  await deprovision({ ownerUrl, clientId, ...(values['drop-data'] && { dropSchema: schema }) });
  console.log(`${clientId} is gone: its tile, rules, client, sessions and database login.`);
  console.log(values['drop-data'] ? `So is its data.` : `Its data is kept in the Postgres schema ${schema}.`);
}

async function reasonAgainst(): Promise<string | undefined> {
  const manifests = await loadManifests(join(import.meta.dirname, '..', '..', '..', '..'));
  if (manifests.some(({ manifest }) => manifest.clientId === clientId)) {
    return `apps/${clientId} is in this checkout, so that the next release would bring it back: remove it there first.`;
  }
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'provisioning' });
  await owner.connect();
  try {
    const { rowCount } = await owner.query('SELECT FROM directory.app WHERE client_id = $1', [clientId]);
    return rowCount ? undefined : `The directory knows no app ${JSON.stringify(clientId)}.`;
  } finally {
    await owner.end();
  }
}
