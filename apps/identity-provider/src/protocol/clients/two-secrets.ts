import type Provider from 'oidc-provider';

/** While a client's secret is being changed, the one before works as well, so that nothing stops in between. */
export function acceptPreviousSecret(provider: Provider): void {
  const { prototype } = provider.Client;
  const { compareClientSecret } = prototype;
  prototype.compareClientSecret = async function compareEither(actual) {
    if (await compareClientSecret.call(this, actual)) return true;
    const previous = this.previous_client_secret;
    return typeof previous === 'string' && compareClientSecret.call({ ...this, clientSecret: previous }, actual);
  };
}
