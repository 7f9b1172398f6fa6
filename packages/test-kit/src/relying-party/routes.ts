import type { DeclaredRoute } from '@gatehouse/web';
import type { AppPerson } from './people.ts';

/** A path that the route matches; its parameters name nothing that exists. */
export function examplePath({ path }: DeclaredRoute): string {
  return path.replaceAll(/[{}]/g, '').replaceAll(/[:*]\w+/g, '00000000-0000-4000-8000-000000000000');
}

/** `GET /claims/:id`, as a test names it. */
export const nameOf = ({ method, path }: Pick<DeclaredRoute, 'method' | 'path'>): string =>
  `${method.toUpperCase()} ${path}`;

export const isApi = ({ allow }: DeclaredRoute): boolean => typeof allow === 'object' && 'scope' in allow;

/** Whether the manifest lets this person use the route. Says nothing of API routes, which are not for people. */
export function isAllowed({ allow }: DeclaredRoute, person: AppPerson): boolean {
  if (allow === 'public') return true;
  if (typeof allow === 'object' && 'scope' in allow) return false;
  if (allow === 'anyone') return person.mayOpen;
  return person.mayOpen && [allow].flat().some((role) => person.roles.includes(role));
}
