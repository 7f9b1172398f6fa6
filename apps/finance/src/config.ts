import { type ConfigOf, origin, parseEnvironment, relyingPartyEnvironment } from '@gatehouse/web';

/** Everything this app reads from its environment. */
export const environment = {
  settings: {
    ...relyingPartyEnvironment.settings,
    /** Origin of the app whose API knows who manages whom. */
    HUMAN_RESOURCES_URL: origin,
  },
  secrets: relyingPartyEnvironment.secrets,
};

export type Config = ConfigOf<typeof environment>;

export const loadConfig = (env: NodeJS.ProcessEnv): Config => parseEnvironment(environment, env);
