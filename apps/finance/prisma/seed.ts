import { PrismaPg } from '@prisma/adapter-pg';
import { type ClaimCategory, type ClaimState, PrismaClient } from './generated/client.ts';

export interface SeedOptions {
  databaseUrl: string;
  /** The `sub` of a demo person by login name. */
  personId(login: string): Promise<string>;
}

const DAY = 24 * 60 * 60 * 1000;

/** The least that is a PDF: one empty page. */
const emptyPage = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
`;

/** The first claims of the demo organisation; amounts in pence, days before today. */
const claims: {
  claimant: string;
  approver?: string;
  title: string;
  amount: number;
  category: ClaimCategory;
  costCentre: string;
  state: ClaimState;
  spentDaysAgo: number;
  note?: string;
  refusal?: string;
}[] = [
  {
    claimant: 'tomas.reyes',
    approver: 'grace.lindqvist',
    title: 'Train to the audit seminar in Leeds',
    amount: 8430,
    category: 'travel',
    costCentre: '4210',
    state: 'submitted',
    spentDaysAgo: 4,
  },
  {
    claimant: 'tomas.reyes',
    title: 'Dinner at the audit seminar',
    amount: 2415,
    category: 'meals',
    costCentre: '4210',
    state: 'draft',
    spentDaysAgo: 4,
  },
  {
    claimant: 'tomas.reyes',
    approver: 'grace.lindqvist',
    title: 'Parking at the bank',
    amount: 640,
    category: 'travel',
    costCentre: '4210',
    state: 'paid',
    spentDaysAgo: 40,
  },
  {
    claimant: 'amelia.hart',
    approver: 'samuel.price',
    title: 'Recruitment fair, stand and banners',
    amount: 31250,
    category: 'other',
    costCentre: '3105',
    state: 'approved',
    spentDaysAgo: 9,
  },
  {
    claimant: 'zoe.hartley',
    approver: 'grace.lindqvist',
    title: 'AAT examination fee',
    amount: 12900,
    category: 'training',
    costCentre: '4215',
    state: 'approved',
    spentDaysAgo: 12,
    note: 'Agreed in my development plan.',
  },
  {
    claimant: 'stella.kim',
    title: 'Desk lamp',
    amount: 4499,
    category: 'equipment',
    costCentre: '3105',
    state: 'refused',
    spentDaysAgo: 20,
    refusal: 'Lamps come from the store: please ask the service desk.',
    approver: 'samuel.price',
  },
  {
    claimant: 'grace.lindqvist',
    approver: 'eleanor.vance',
    title: 'Hotel for the treasurers’ conference',
    amount: 18600,
    category: 'accommodation',
    costCentre: '4200',
    state: 'submitted',
    spentDaysAgo: 6,
  },
];

/** Claims of Harbour Council, for a finance department that has none. */
export async function seed({ databaseUrl, personId }: SeedOptions): Promise<void> {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl }, { schema: 'finance' }) });
  try {
    if ((await prisma.claim.count()) > 0) return;
    const clerk = await personId('theo.barnes');
    const content = new TextEncoder().encode(emptyPage);
    const ago = (days: number) => new Date(Date.now() - days * DAY);
    await prisma.$transaction(async (tx) => {
      const inOrder = claims.toSorted((a, b) => b.spentDaysAgo - a.spentDaysAgo);
      for (const { claimant, approver, spentDaysAgo, refusal = '', ...claim } of inOrder) {
        const approverId = approver ? await personId(approver) : null;
        const decided = ['approved', 'refused', 'paid'].includes(claim.state);
        await tx.claim.create({
          data: {
            ...claim,
            claimantId: await personId(claimant),
            spentOn: ago(spentDaysAgo),
            createdAt: ago(spentDaysAgo - 1),
            ...(claim.state !== 'draft' && { submittedAt: ago(spentDaysAgo - 1), approverId }),
            ...(decided && { decidedById: approverId, decidedAt: ago(spentDaysAgo - 2), decisionNote: refusal }),
            ...(claim.state === 'paid' && { paidById: clerk, paidAt: ago(spentDaysAgo - 4) }),
            receipt: {
              create: { fileName: 'receipt.pdf', contentType: 'application/pdf', size: content.byteLength, content },
            },
          },
        });
      }
    });
  } finally {
    await prisma.$disconnect();
  }
}
