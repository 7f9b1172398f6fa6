import { posix } from 'node:path';

const relativeImport = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/**
 * The relative imports of a file that leave its package.
 *
 * @param path of the file in the checkout, e.g. `apps/finance/src/claims.ts`
 * @param source its text
 * @returns the import specifiers
 */
export function outsideImports(path: string, source: string): string[] {
  const home = packageOf(path);
  const specifiers = [...source.matchAll(relativeImport)].map(([, specifier = '']) => specifier);
  return specifiers.filter((specifier) => packageOf(posix.join(posix.dirname(path), specifier)) !== home);
}

const loaded = /\b(?:import|require|resolve)\s*\(\s*['"`]((?:@gatehouse\/|pg\b|oidc-provider|openid-client)[^'"`]*)/g;
const loaders = /\b(?:createRequire|getBuiltinModule)\b/g;

/**
 * What a file loads while it runs, past the rules that see imports: packages of the workspace, and libraries that only
 * one place may use. Libraries of others may be loaded late.
 */
export function loadedPackages(source: string): string[] {
  return [...source.matchAll(loaded), ...source.matchAll(loaders)].map(([all, specifier]) => specifier ?? all);
}

/** `apps/finance` of `apps/finance/src/claims.ts`; `prisma` of `prisma/src/index.ts`. */
function packageOf(path: string): string {
  const [folder, name] = path.split('/');
  return folder === 'apps' || folder === 'packages' ? `${folder}/${name}` : String(folder);
}
