import { hash } from '@node-rs/argon2';
import type { PrismaClient } from '../client.ts';
import {
  cast,
  type DemoPerson,
  demoPassword,
  departments,
  designations,
  loginOf,
  organisation,
  others,
} from './harbour-council.ts';

export { cast, type DemoPerson, demoPassword, departments, designations, loginOf, others } from './harbour-council.ts';

export interface SeededPerson {
  login: string;
  password: string;
  name: string;
  designations: string[];
  note: string;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Puts Harbour Council into an empty user database. Does nothing where an organisation is there already, so people and
 * what was changed about them are never overwritten.
 *
 * @returns whether it seeded
 */
export async function seedHarbourCouncil(prisma: PrismaClient, today = new Date()): Promise<boolean> {
  if ((await prisma.organisation.count()) > 0) return false;
  const people = [...cast, ...others];
  const hashes = await Promise.all(
    people.map(() => hash(demoPassword, { memoryCost: 19456, timeCost: 2, parallelism: 1 })),
  );
  await prisma.$transaction(
    async (tx) => {
      await tx.organisation.create({ data: organisation });
      for (const { code, name, parent } of departments) {
        await tx.department.create({ data: { code, name, ...(parent && { parent: { connect: { code: parent } } }) } });
      }
      for (const { code, title, department, reportsTo } of designations) {
        await tx.designation.create({
          data: {
            code,
            title,
            department: { connect: { code: department } },
            ...(reportsTo && { reportsTo: { connect: { code: reportsTo } } }),
          },
        });
      }
      for (const [index, person] of people.entries()) {
        await tx.person.create({ data: personData(person, index, hashes[index] ?? '', today) });
      }
    },
    { timeout: 30_000 },
  );
  return true;
}

/** Where everybody works. */
const councilHouse = {
  formatted: 'Council House\n1 Quay Street\nHarbour HB1 1AA',
  street_address: '1 Quay Street',
  locality: 'Harbour',
  postal_code: 'HB1 1AA',
  country: 'GB',
};

function personData(person: DemoPerson, index: number, passwordHash: string, today: Date) {
  const login = loginOf(person.name);
  const [givenName = '', familyName = ''] = person.name.split(' ');
  const day = (offset: number) => new Date(today.getTime() + offset * DAY);
  return {
    login,
    name: person.name,
    givenName,
    familyName,
    email: `${login}@harbour.example`,
    phone: `+44 1632 960${String(index).padStart(3, '0')}`,
    address: councilHouse,
    demo: true,
    ...(person.disabled && { status: 'disabled' as const, disabledAt: day(-30) }),
    password: { create: { hash: passwordHash } },
    appointments: {
      create: person.appointments.map(({ designation, from = -730, to }) => ({
        designation: { connect: { code: designation } },
        startsOn: day(from),
        ...(to !== undefined && { endsOn: day(to) }),
      })),
    },
  };
}

/** The people whom the launcher offers to sign in as, with what each is there to show. */
export function demoPeople(): SeededPerson[] {
  return cast.map(({ name, appointments, note = '' }) => ({
    login: loginOf(name),
    password: demoPassword,
    name,
    designations: appointments
      .filter(({ from = -1, to = 0 }) => from <= 0 && to >= 0)
      .map(({ designation }) => designations.find(({ code }) => code === designation)?.title ?? designation),
    note,
  }));
}
