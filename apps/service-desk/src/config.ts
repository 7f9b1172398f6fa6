import { type ConfigOf, parseEnvironment, relyingPartyEnvironment } from '@gatehouse/web';

/** Everything this app reads from its environment. */
export const environment = relyingPartyEnvironment;

export type Config = ConfigOf<typeof environment>;

export const loadConfig = (env: NodeJS.ProcessEnv): Config => parseEnvironment(environment, env);
