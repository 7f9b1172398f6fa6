import { yamlLines } from './yaml-lines.ts';

const secrets = ['database_url', 'client_secret', 'session_key'];
const given = ['database_url', 'client_secret'];

/** `docker-compose.yml` with the app's service and secrets, and what the provisioning step needs of them. */
export function withService(source: string, name: string, portOffset: number): string {
  const [environment, provided, service, files] = entriesOf(name, portOffset);
  let text = yamlLines(source).append(['services', 'provision', 'environment'], environment);
  text = yamlLines(text).append(['services', 'provision', 'secrets'], provided);
  text = yamlLines(text).append(['services'], service);
  return yamlLines(text).append(['secrets'], files);
}

/** `docker-compose.yml` without anything of the app. */
export function withoutService(source: string, name: string): string {
  let text = source;
  const drop = (path: string[]) => {
    const lines = yamlLines(text);
    if (lines.keysAt(path.slice(0, -1)).includes(path.at(-1) ?? '')) text = lines.withoutEntry(path);
  };
  for (const variable of variablesOf(name)) drop(['services', 'provision', 'environment', variable]);
  for (const each of given) text = yamlLines(text).withoutItem(['services', 'provision', 'secrets'], `${name}_${each}`);
  drop(['services', name]);
  for (const each of secrets) drop(['secrets', `${name}_${each}`]);
  return text;
}

const prefixOf = (name: string) => name.replaceAll('-', '_').toUpperCase();

const variablesOf = (name: string) =>
  ['URL', 'DATABASE_URL_FILE', 'CLIENT_SECRET_FILE'].map((each) => `${prefixOf(name)}_${each}`);

function entriesOf(name: string, portOffset: number): [string, string, string, string] {
  const prefix = prefixOf(name);
  return [
    `      ${prefix}_URL: \${${prefix}_URL:?its https address}
      ${prefix}_DATABASE_URL_FILE: /run/secrets/${name}_database_url
      ${prefix}_CLIENT_SECRET_FILE: /run/secrets/${name}_client_secret
`,
    given.map((each) => `      - ${name}_${each}\n`).join(''),
    `
  ${name}:
    <<: *app
    build: { context: ., target: app, args: { APP: ${name} } }
    ports: ["127.0.0.1:${4000 + portOffset}:4000"]
    environment:
      <<: *environment
      BASE_URL: \${${prefix}_URL}
      ISSUER: \${ISSUER}
      DATABASE_URL_FILE: /run/secrets/${name}_database_url
      CLIENT_SECRET_FILE: /run/secrets/${name}_client_secret
      SESSION_KEY_FILE: /run/secrets/${name}_session_key
    secrets: [${secrets.map((each) => `${name}_${each}`).join(', ')}]
`,
    secrets.map((each) => `  ${name}_${each}: { file: ./secrets/${name}_${each} }\n`).join(''),
  ];
}
