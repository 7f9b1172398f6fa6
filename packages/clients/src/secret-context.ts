/** Where a client's secret is sealed to: it opens only as the secret of this client. */
export const secretContext = (clientId: string): string => `client_secret:${clientId}`;
