import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadManifests } from '@gatehouse/provisioning';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readCompose, requiredVariables, root, type Service, substitute } from './compose.ts';
import { recordedEnvironment } from './recorded-environment.ts';

const compose = readCompose();
const composeText = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const apps = await loadManifests(root);
const clientIds = apps.map(({ manifest }) => manifest.clientId);
const deployed = ['identity-provider', ...clientIds];

let secrets: string;

beforeAll(() => {
  secrets = mkdtempSync(join(tmpdir(), 'secrets-'));
  const program = join(root, 'packages/provisioning/src/production/make-secrets.ts');
  execFileSync(process.execPath, [program, secrets]);
});

afterAll(() => rmSync(secrets, { recursive: true }));

/** What somebody writes into `.env`. */
const dotEnv = {
  ...Object.fromEntries(requiredVariables(composeText).map((name) => [name, addressFor(name)])),
  TRUST_PROXY: '172.16.0.0/12',
  ORGANISATION_NAME: 'Port Council',
  ORGANISATION_TIME_ZONE: 'Europe/Lisbon',
};

function addressFor(variable: string): string {
  return `https://${variable.toLowerCase().replaceAll('_', '-')}.example.org`;
}

/** The environment that the containers of a service get, its secrets where this machine has them. */
function environmentOf({ environment = {}, secrets: mounted = [] }: Service): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      const text = substitute(value, dotEnv);
      const secret = text.startsWith('/run/secrets/') ? text.slice('/run/secrets/'.length) : undefined;
      if (secret !== undefined && !mounted.includes(secret)) throw new Error(`${name}: ${secret} is not mounted`);
      return [name, secret === undefined ? text : join(secrets, secret)];
    }),
  );
}

const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

async function loadConfigOf(app: string): Promise<(env: NodeJS.ProcessEnv) => unknown> {
  const module = await import(pathToFileURL(join(root, 'apps', app, 'src', 'config.ts')).href);
  return module.loadConfig;
}

describe('docker-compose.yml (parsed, not run: there is no Docker here)', () => {
  it('has a service for every app, built from its folder, that waits for provisioning', () => {
    for (const app of deployed) {
      expect(service(app).build?.args?.APP).toBe(app);
      expect(existsSync(join(root, 'apps', app, 'src', 'server.ts'))).toBe(true);
      expect(service(app).depends_on?.provision?.condition).toBe('service_completed_successfully');
    }
    expect(service('provision').depends_on?.postgres?.condition).toBe('service_healthy');
    expect(Object.keys(compose.services).toSorted()).toEqual([...deployed, 'postgres', 'provision'].toSorted());
  });

  it.each(deployed)(
    'S91 gives %s exactly variables that its configuration reads, and all that it needs',
    async (app) => {
      const loadConfig = await loadConfigOf(app);
      const given = environmentOf(service(app));
      const { env, asked } = recordedEnvironment(given);
      loadConfig(env);
      expect(Object.keys(given).filter((name) => !asked.has(name))).toEqual([]);
    },
  );

  it('gives the provisioning step all that it needs, with the very secrets of the apps', async () => {
    const { loadConfig } = await import(
      pathToFileURL(join(root, 'packages/provisioning/src/production/config.ts')).href
    );
    const given = environmentOf(service('provision'));
    expect(
      loadConfig(
        given,
        apps.map(({ manifest }) => manifest),
      ).apps,
    ).toHaveLength(apps.length);
    for (const clientId of clientIds) {
      const own = environmentOf(service(clientId));
      expect(Object.values(given)).toContain(own.DATABASE_URL_FILE);
      expect(Object.values(given)).toContain(own.CLIENT_SECRET_FILE);
      expect(Object.values(given)).not.toContain(own.SESSION_KEY_FILE);
    }
  });

  it('S91 holds no secret: each is a file, made by make-secrets', () => {
    expect(Object.keys(compose.secrets).toSorted()).toEqual(readdirSync(secrets).toSorted());
    for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`./secrets/${name}`);
    for (const { environment = {} } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/SECRET|KEY|PASSWORD|DATABASE_URL/.test(name)) expect(`${name}=${value}`).toMatch(/_FILE=\/run\/secrets\//);
      }
    }
    const ignored = readFileSync(join(root, '.gitignore'), 'utf8') + readFileSync(join(root, '.dockerignore'), 'utf8');
    expect(ignored.match(/^secrets\/?$/gm)).toHaveLength(2);
  });

  it('refuses to start without an address, as Docker Compose would', () => {
    for (const clientId of clientIds) {
      const name = `${clientId.replaceAll('-', '_').toUpperCase()}_URL`;
      expect(requiredVariables(composeText)).toContain(name);
    }
  });
});

describe('the Dockerfile (parsed, not run)', () => {
  const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, from = '', name = '']) => ({
    from,
    name,
  }));

  it('has the stages that docker-compose.yml builds', () => {
    const names = stages.map(({ name }) => name);
    for (const { build } of Object.values(compose.services)) if (build) expect(names).toContain(build.target);
    for (const { from } of stages) expect([...names, `node:${pinnedNode()}-slim`]).toContain(from);
  });

  it('copies and runs only what the checkout has, with the versions that it pins', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(\S+) /gm)].map(([, path = '']) => path);
    const run = [...dockerfile.matchAll(/(?:packages|apps)\/[\w./-]+\.ts/g)].map(([path]) => path);
    expect(run.length).toBeGreaterThan(1);
    for (const path of [...copied, ...run]) expect(existsSync(join(root, path)), path).toBe(true);
    const { packageManager } = readManifest();
    expect(dockerfile.match(/pnpm@[\d.]+/g)).toEqual([packageManager, packageManager]);
    expect(dockerfile).toContain(
      `turbo@${JSON.parse(readFileSync(join(root, 'node_modules/turbo/package.json'), 'utf8')).version} `,
    );
  });

  it.each(deployed)('D11 leaves in the image of %s nothing by which one is somebody else', (app) => {
    const image = mkdtempSync(join(tmpdir(), 'image-'));
    onTestFinished(() => rmSync(image, { recursive: true }));
    const files = execFileSync('git', ['ls-files', 'apps', 'packages', 'prisma'], { cwd: root, encoding: 'utf8' });
    for (const file of files.trim().split('\n')) {
      if (existsSync(join(root, file))) cpSync(join(root, file), join(image, file));
    }
    const mentions = () =>
      globSync('**/*.*', { cwd: image, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(png|md)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => /personas?\b/i.test(readFileSync(file, 'utf8')));
    expect(mentions()).not.toEqual([]);
    execFileSync(process.execPath, [join(root, 'scripts/keep-deployed.mjs'), `@gatehouse/${app}`], { cwd: image });
    expect(mentions()).toEqual([]);
    expect(existsSync(join(image, 'apps', app, 'src', 'server.ts'))).toBe(true);
    expect(dockerfile).toContain('node scripts/keep-deployed.mjs "@gatehouse/${APP}"');
  });

  it('runs as somebody without rights and asks /readyz whether it is well', () => {
    for (const name of ['app', 'provision']) expect(stageText(name)).toMatch(/^USER node$/m);
    expect(stageText('app')).toMatch(/^HEALTHCHECK [^]*\/readyz/m);
    expect(stageText('app')).toMatch(/^CMD \["node", "src\/server.ts"\]$/m);
  });

  const stageText = (name: string) =>
    dockerfile.split(/^FROM /m).find((text) => text.split('\n')[0]?.endsWith(` ${name}`)) ?? '';
  const readManifest = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pinnedNode = () => readManifest().devDependencies.node;
});
