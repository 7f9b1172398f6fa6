import { PrismaPg } from '@prisma/adapter-pg';
import manifest from '../manifest.ts';
import { type NoticeStatus, PrismaClient } from './generated/client.ts';

export interface SeedOptions {
  databaseUrl: string;
  /** The `sub` of a demo person by login name. */
  personId(login: string): Promise<string>;
}

const notices: { login: string; authorName: string; title: string; text: string; status: NoticeStatus }[] = [
  {
    login: 'amelia.hart',
    authorName: 'Amelia Hart',
    title: 'Town hall closes at noon on 24 December',
    text: 'Reception and the post room close at noon.\nFrom 28 December everything is open as usual.',
    status: 'published',
  },
  {
    login: 'dev.patel',
    authorName: 'Dev Patel',
    title: 'Printers on the second floor are replaced',
    text: 'On Thursday between eight and ten. Please use those on the first floor meanwhile.',
    status: 'published',
  },
  {
    login: 'tomas.reyes',
    authorName: 'Tomas Reyes',
    title: 'Lunchtime run along the quay',
    text: 'Tuesdays at half past twelve, from the front steps. All paces.',
    status: 'suggested',
  },
];

/** Puts the demo organisation's first notices up, once. */
export async function seed({ databaseUrl, personId }: SeedOptions): Promise<void> {
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: databaseUrl }, { schema: manifest.schema! }),
  });
  try {
    if ((await prisma.notice.count()) > 0) return;
    for (const { login, ...notice } of notices) {
      await prisma.notice.create({ data: { ...notice, authorId: await personId(login) } });
    }
  } finally {
    await prisma.$disconnect();
  }
}
