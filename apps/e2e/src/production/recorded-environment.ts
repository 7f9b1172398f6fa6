/** An environment that remembers which variables were asked for. */
export function recordedEnvironment(values: Record<string, string>): { env: NodeJS.ProcessEnv; asked: Set<string> } {
  const asked = new Set<string>();
  const env = new Proxy(values, {
    get(target, name) {
      if (typeof name === 'string') asked.add(name);
      return Reflect.get(target, name);
    },
  });
  return { env, asked };
}
