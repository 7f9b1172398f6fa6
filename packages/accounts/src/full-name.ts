export interface GivenNames {
  /** Empty for somebody who has one name only, which is then the other. */
  givenName: string;
  familyName: string;
}

export const fullName = ({ givenName, familyName }: GivenNames): string =>
  [givenName, familyName].filter((name) => name !== '').join(' ');
