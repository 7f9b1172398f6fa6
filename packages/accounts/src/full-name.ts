export interface PersonNames {
  /** Empty for somebody who has one name only, which is then the other. */
  givenName: string;
  familyName: string;
}

export const fullName = ({ givenName, familyName }: PersonNames): string =>
  [givenName, familyName].filter((name) => name !== '').join(' ');
