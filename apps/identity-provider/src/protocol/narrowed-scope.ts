/** Those of the scopes that are still among the registered ones, in their order. */
export function narrowedScope(scope: string, registered: string): string {
  const allowed = new Set(registered.split(' '));
  return scope
    .split(' ')
    .filter((each) => allowed.has(each))
    .join(' ');
}
