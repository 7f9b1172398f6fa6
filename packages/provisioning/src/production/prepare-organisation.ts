import pg from 'pg';

/** The code of the department that has all others below it: a manifest's rule for it means everybody with a post. */
const ROOT_DEPARTMENT = 'council';

/** Gives an empty directory its organisation and the root of its departments; changes neither where they are there. */
export async function prepareOrganisation(
  ownerUrl: string,
  organisation: { name: string; timeZone: string },
): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'provisioning' });
  await owner.connect();
  try {
    await owner.query(
      `WITH created AS (
         INSERT INTO directory.organisation (id, name, time_zone) VALUES (1, $1, $2) ON CONFLICT DO NOTHING RETURNING name
       )
       INSERT INTO directory.department (code, name) SELECT $3, name FROM created`,
      [organisation.name, organisation.timeZone, ROOT_DEPARTMENT],
    );
  } finally {
    await owner.end();
  }
}
