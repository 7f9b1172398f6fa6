import { PrismaPg } from '@prisma/adapter-pg';
import { type AssetKind, type Priority, PrismaClient } from './generated/client.ts';

export interface SeedOptions {
  databaseUrl: string;
  /** The `sub` of a demo person by login name. */
  personId(login: string): Promise<string>;
}

const HOUR = 60 * 60 * 1000;

const assets: { tag: string; kind: AssetKind; model: string; holder?: string }[] = [
  { tag: 'HC-0412', kind: 'laptop', model: 'Dell Latitude 7450', holder: 'tomas.reyes' },
  { tag: 'HC-0413', kind: 'laptop', model: 'Dell Latitude 7450', holder: 'grace.lindqvist' },
  { tag: 'HC-0414', kind: 'laptop', model: 'Lenovo ThinkPad T14', holder: 'amelia.hart' },
  { tag: 'HC-0415', kind: 'laptop', model: 'Lenovo ThinkPad T14', holder: 'dev.patel' },
  { tag: 'HC-0418', kind: 'laptop', model: 'Dell Latitude 7450', holder: 'eleanor.vance' },
  { tag: 'HC-0502', kind: 'monitor', model: 'Dell P2723D', holder: 'tomas.reyes' },
  { tag: 'HC-0503', kind: 'monitor', model: 'Dell P2723D', holder: 'zoe.hartley' },
  { tag: 'HC-0611', kind: 'phone', model: 'Fairphone 5', holder: 'ruth.abara' },
  { tag: 'HC-0612', kind: 'phone', model: 'Fairphone 5' },
  { tag: 'HC-0701', kind: 'printer', model: 'Kyocera ECOSYS M5526' },
];

const tickets: {
  requester: string;
  title: string;
  description: string;
  priority: Priority;
  hoursAgo: number;
  asset?: string;
  agent?: string;
  comments?: [login: string, body: string][];
  resolved?: true;
}[] = [
  {
    requester: 'grace.lindqvist',
    title: 'Nobody in Finance can print',
    description: 'Jobs stay in the queue of the third-floor printer. Restarting it did not help.',
    priority: 'urgent',
    hoursAgo: 1,
  },
  {
    requester: 'tomas.reyes',
    title: 'Second monitor stays dark',
    description: 'Since this morning. The cable is in, and the light is orange.',
    priority: 'normal',
    hoursAgo: 5,
    asset: 'HC-0502',
    agent: 'dev.patel',
    comments: [
      ['dev.patel', 'Does it wake up when you press the button at the back for five seconds?'],
      ['tomas.reyes', 'It flickers, then goes dark again.'],
    ],
  },
  {
    requester: 'amelia.hart',
    title: 'Cannot open the shared recruitment folder',
    description: 'It says that I lack permission. I could open it last week.',
    priority: 'high',
    hoursAgo: 20,
  },
  {
    requester: 'ruth.abara',
    title: 'Calendar does not reach my phone',
    description: 'Mail arrives, appointments do not.',
    priority: 'low',
    hoursAgo: 70,
    asset: 'HC-0611',
    agent: 'holly.spencer',
    comments: [['holly.spencer', 'Calendar sync was switched off. It is on now and the last month has arrived.']],
    resolved: true,
  },
  {
    requester: 'zoe.hartley',
    title: 'A keyboard with larger keys, please',
    description: 'Agreed with my manager after the workplace assessment.',
    priority: 'normal',
    hoursAgo: 30,
  },
];

/** Assets and tickets of Harbour Council, for a service desk that has none. */
export async function seed({ databaseUrl, personId }: SeedOptions): Promise<void> {
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: databaseUrl }, { schema: 'service_desk' }),
  });
  try {
    if ((await prisma.asset.count()) > 0) return;
    const ago = (hours: number) => new Date(Date.now() - hours * HOUR);
    await prisma.$transaction(async (tx) => {
      for (const { holder, ...asset } of assets) {
        const held = holder && { holderId: await personId(holder), heldSince: ago(24 * 200) };
        await tx.asset.create({ data: { ...asset, registeredAt: ago(24 * 210), ...held } });
      }
      const inOrder = tickets.toSorted((a, b) => b.hoursAgo - a.hoursAgo);
      for (const { requester, hoursAgo, asset, agent, comments = [], resolved, ...ticket } of inOrder) {
        const authored = await Promise.all(
          comments.map(async ([login, body], index) => ({
            body,
            authorId: await personId(login),
            writtenAt: ago(hoursAgo / (index + 2)),
          })),
        );
        await tx.ticket.create({
          data: {
            ...ticket,
            requesterId: await personId(requester),
            raisedAt: ago(hoursAgo),
            touchedAt: ago(hoursAgo / (comments.length + 1)),
            ...(asset && { assetId: (await tx.asset.findUniqueOrThrow({ where: { tag: asset } })).id }),
            ...(agent && { state: 'in_progress', agentId: await personId(agent) }),
            ...(resolved && { state: 'resolved', resolvedAt: ago(hoursAgo / 2) }),
            comments: { create: authored },
          },
        });
      }
    });
  } finally {
    await prisma.$disconnect();
  }
}
