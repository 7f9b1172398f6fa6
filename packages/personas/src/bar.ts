/** Somebody to be, as `.local/org.json` lists them. */
export interface Persona {
  login: string;
  password: string;
  name: string;
  designations: string[];
}

/**
 * The bar as an EJS partial, for the layout of every page: a link per person, which leads back to the page it is on.
 *
 * @param url where personas are changed
 */
export function renderBar(url: string, people: readonly Persona[]): string {
  const items = people.map(({ login, name, designations }) => {
    const here = '&app=<%= app.clientId %>&path=<%= encodeURIComponent(path) %>';
    const current = `<% if (locals.auth?.person.name === ${JSON.stringify(name)}) { %> aria-current="true"<% } %>`;
    const post = designations.join(', ') || 'no designation';
    return `<li><a href="${url}/become?login=${encodeURIComponent(login)}${here}"${current}>${escape(name)} <span>${escape(post)}</span></a></li>`;
  });
  return `<nav class="development-bar" lang="en" aria-label="Be somebody else"><ul>\n${items.join('\n')}\n</ul></nav>\n`;
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('%>', '%&gt;');
