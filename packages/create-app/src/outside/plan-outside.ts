import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type CommittedFile, readCommittedAt } from '../checkout/git.ts';
import { clientMetadata, environmentFile, packageJson, readme, tsconfig, workspaceFile } from './own-files.ts';

export interface OutsideApp {
  name: string;
  title: string;
  issuer: string;
  port: number;
}

/** What such an app brings along, because no registry has it. */
const shared = ['auth-client', 'encryption'];
const isTest = (path: string) => /\.test\.ts$|(^|\/)test-[\w-]+\.ts$/.test(path);

/**
 * The files of an app in a repository of its own: its page, `auth-client` as a package of its workspace (Node runs no
 * TypeScript below `node_modules`), the metadata by which it is registered, and an `.env` without the client's secret.
 * @throws {CreateAppError} no_template
 */
export function planOutside(root: string, app: OutsideApp): Pick<CommittedFile, 'path' | 'content'>[] {
  const own = readCommittedAt(root, 'packages/create-app/outside', 'HEAD');
  const packages = shared.flatMap((name) => readPackage(root, name));
  const { catalog } = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'));
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = packageJson(app, devDependencies.node);
  const used = [
    manifest,
    ...packages.filter(({ path }) => path.endsWith('package.json')).map(({ content }) => content),
  ];
  const texts = {
    '.env': environmentFile(app, randomBytes(32).toString('base64url')),
    '.gitignore': 'node_modules/\n.env\n',
    'README.md': readme(app),
    'client.json': clientMetadata(app),
    'package.json': manifest,
    'pnpm-workspace.yaml': workspaceFile(catalog, used.join('')),
    'tsconfig.json': tsconfig,
  };
  return [...own, ...packages, ...Object.entries(texts).map(([path, text]) => ({ path, content: Buffer.from(text) }))];
}

/** A package as its users need it: without tests and what only they need. */
function readPackage(root: string, name: string) {
  return readCommittedAt(root, `packages/${name}`, 'HEAD')
    .filter(({ path }) => path === 'package.json' || (path.startsWith('src/') && !isTest(path)))
    .map(({ path, content }) => ({ path: `packages/${name}/${path}`, content: withoutTests(path, content) }));
}

function withoutTests(path: string, content: Buffer): Buffer {
  if (path !== 'package.json') return content;
  const { scripts: _, devDependencies: __, ...rest } = JSON.parse(content.toString());
  return Buffer.from(`${JSON.stringify(rest, null, 2)}\n`);
}
