import type Provider from 'oidc-provider';

/** While a client's secret is being changed, the one before works as well, until its date if it has one. */
export function acceptPreviousSecret(provider: Provider): void {
  const { prototype } = provider.Client;
  const { compareClientSecret } = prototype;
  prototype.compareClientSecret = async function compareEither(actual) {
    if (await compareClientSecret.call(this, actual)) return true;
    const { previous_client_secret: previous, previous_client_secret_expires_at: expiry } = this;
    if (typeof expiry === 'number' && expiry <= Date.now()) return false;
    return typeof previous === 'string' && compareClientSecret.call({ ...this, clientSecret: previous }, actual);
  };
}
