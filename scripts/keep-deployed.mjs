// node scripts/keep-deployed.mjs @gatehouse/NAME: removes from the checkout around it every package that this app does
// not need to run, so that what only development has is in no image.
import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

const packages = new Map(
  globSync(['apps/*/package.json', 'packages/*/package.json', 'prisma/package.json']).map((file) => {
    const { name, dependencies = {} } = JSON.parse(readFileSync(file, 'utf8'));
    return [name, { directory: dirname(file), dependencies: Object.keys(dependencies) }];
  }),
);

const needed = new Set();
function need(name) {
  const found = packages.get(name);
  if (!found || needed.has(name)) return;
  needed.add(name);
  found.dependencies.forEach(need);
}
need(process.argv[2]);
if (needed.size === 0) throw new Error(`There is no package ${process.argv[2]}`);

for (const [name, { directory }] of packages) if (!needed.has(name)) rmSync(directory, { recursive: true });
