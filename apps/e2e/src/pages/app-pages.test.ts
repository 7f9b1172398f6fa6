import { checkPages } from './check-pages.ts';
import { pages } from './pages.ts';

checkPages(pages.filter(({ app }) => app !== 'identity-provider'));
