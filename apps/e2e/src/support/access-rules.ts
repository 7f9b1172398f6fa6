/**
 * Who may open which app, worked out from the manifests and the seed alone, so that it can be held against what the
 * organisation does. Knows nothing of the database.
 */
import { join } from 'node:path';
import { cast, type DemoPerson, departments, designations, loginOf, others } from '@gatehouse/prisma/seed';
import { loadManifests } from '@gatehouse/provisioning';

export const everybody: DemoPerson[] = [...cast, ...others];

const manifests = (await loadManifests(join(import.meta.dirname, '..', '..', '..', '..'))).map(
  ({ manifest }) => manifest,
);

/** The designations that a person holds today. */
const heldBy = ({ appointments }: DemoPerson) =>
  appointments.filter(({ from = -730, to = 0 }) => from <= 0 && to >= 0).map(({ designation }) => designation);

/** A department and all above it. */
function upwards(code: string): string[] {
  const department = departments.find((each) => each.code === code);
  return department?.parent ? [code, ...upwards(department.parent)] : [code];
}

/** The roles of a person by app, for every app that they may open. */
export function rolesByApp(person: DemoPerson): Map<string, string[]> {
  if (person.disabled) return new Map();
  const held = heldBy(person);
  const within = held.flatMap((code) => upwards(designations.find((each) => each.code === code)?.department ?? ''));
  const roles = manifests.map(({ clientId, access, accessRules }): [string, string[]] | undefined => {
    const given = accessRules
      .filter(({ designation, department }) =>
        designation ? held.some((code) => code === designation) : within.includes(department ?? ''),
      )
      .map(({ role }) => role);
    return given.length > 0 || access === 'everyone' ? [clientId, [...new Set(given)].sort()] : undefined;
  });
  return new Map(roles.filter((entry) => entry !== undefined));
}

/** The apps that people open: one without roles is an API for other apps. */
export const clientIds = manifests
  .filter(({ roles, access }) => access === 'everyone' || Object.keys(roles).length > 0)
  .map(({ clientId }) => clientId);
export { loginOf };

export const personCalled = (login: string): DemoPerson => {
  const person = everybody.find(({ name }) => loginOf(name) === login);
  if (!person) throw new Error(`Harbour Council has no ${login}`);
  return person;
};
