export class ProvisioningError extends Error {
  override name = 'ProvisioningError';
  readonly code: 'owner_lacks_createrole' | 'rights_locked';

  constructor(code: ProvisioningError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** @param sql what somebody with the right to create roles has to run */
export const lacksCreaterole = (sql: string) =>
  new ProvisioningError(
    'owner_lacks_createrole',
    `The owner of this database may not create roles. Have this run by somebody who may, then start again:\n\n${sql}`,
  );

export const rightsLocked = (cause: unknown) =>
  new ProvisioningError(
    'rights_locked',
    'A transaction that stays open keeps the rights of a table from being changed, so none were. ' +
      'Find it in pg_stat_activity, end it, and start again.',
    { cause },
  );
