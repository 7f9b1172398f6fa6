/** How many of the list, ranked by frequency, count as parts: squared, still fewer than a patient guesser tries. */
const mostCommon = 3000;

interface CommonPasswords {
  all: ReadonlySet<string>;
  most: ReadonlySet<string>;
}

let loaded: Promise<CommonPasswords> | undefined;

/**
 * Whether a password is one of the tens of thousands seen most often in breaches, as it is or with digits and signs
 * around it, or two of the most common ones side by side. The list is on this machine; nothing is asked of anybody.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  // Loaded when first needed: few processes ever see a new password.
  loaded ??= load();
  const { all, most } = await loaded;
  const typed = password.toLowerCase();
  const lettersAndDigits = typed.replace(/[^\p{L}\p{N}]/gu, '');
  const letters = typed.replace(/\P{L}/gu, '');
  return (
    [typed, lettersAndDigits, letters].some((form) => all.has(form)) ||
    isTwoOf(most, lettersAndDigits) ||
    isTwoOf(most, letters)
  );
}

async function load(): Promise<CommonPasswords> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const ranked = dictionary['passwords-common'];
  return { all: new Set(ranked), most: new Set(ranked.slice(0, mostCommon)) };
}

function isTwoOf(words: ReadonlySet<string>, text: string): boolean {
  for (let cut = 1; cut < text.length; cut++) {
    if (words.has(text.slice(0, cut)) && words.has(text.slice(cut))) return true;
  }
  return false;
}
