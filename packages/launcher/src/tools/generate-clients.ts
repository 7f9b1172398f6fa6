import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTool, type ToolContext } from './run-tool.ts';

/**
 * Generates the Prisma clients, which are not in git, unless those that are there came from the same schemas.
 * @param local where it notes from which
 * @throws ToolError
 */
export async function generateClients(context: ToolContext, local: string): Promise<void> {
  const { root } = context;
  const stampFile = join(local, 'generated.txt');
  if (isComplete(root) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint(root)) return;

  console.error('Generating the database clients …');
  await runTool('turbo', ['run', 'generate', '--output-logs=errors-only'], context, { quiet: true });
  noteGenerated(root, local);
}

/** Notes that the clients that are there came from the schemas as they are now. */
export function noteGenerated(root: string, local: string): void {
  if (!isComplete(root)) return;
  mkdirSync(local, { recursive: true });
  writeFileSync(join(local, 'generated.txt'), fingerprint(root));
}

const schemasIn = (root: string) =>
  globSync(['prisma/schema.prisma', 'apps/*/prisma/schema.prisma'], { cwd: root }).sort();

function isComplete(root: string): boolean {
  return schemasIn(root).every((schema) => existsSync(join(root, dirname(schema), 'generated', 'client.ts')));
}

function fingerprint(root: string): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'pnpm-lock.yaml')));
  for (const schema of schemasIn(root)) hash.update(schema).update(readFileSync(join(root, schema)));
  return hash.digest('hex');
}
