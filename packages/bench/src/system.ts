/** What is measured: an organisation that runs on loopback, ours or the baseline. */
export interface System {
  /** Process ids by what they do; each stands for all its descendants too. */
  processes: Record<string, number[]>;
  /** Where people sign in first. */
  first: BenchApp;
  /** Where they hop to. */
  others: BenchApp[];
  /** A page that greets people who are signed in to the first app and does nothing else. */
  guardedPage: string;
  people: string[];
}

export interface BenchApp {
  /** Without a trailing slash. */
  url: string;
  /** Begins a sign-in, which lands at `/`. */
  loginPath: string;
}
