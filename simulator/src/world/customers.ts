import type { Faker } from '@faker-js/faker';
import type { EventOf } from '@storepulse/contracts';
import type { Random } from '../random/random.ts';
import type { WeightedDraw } from '../random/weighted.ts';

/** A person with an account, as the topic `customers` shows them, less the envelope. */
export type Person = Omit<EventOf<'customer_upserted'>, 'type' | 'eventId' | 'eventTime' | 'shop'>;

/** Grown-ups: median, sigma of the logarithm, and bounds. Chosen. */
const AGE = { median: 40, sigma: 0.35, least: 18, most: 90 } as const;
const YEAR = 365 * 86_400_000;

/** Makes people up. E-mail addresses are of the reserved domain example.com, so none belongs to anyone. */
export function createPersonMaker(parts: {
  faker: Faker;
  random: Random;
  drawCountry: WeightedDraw<string>;
}): (customerId: string, createdAt: number) => Person {
  const { faker, random, drawCountry } = parts;
  return (customerId, createdAt) => {
    const gender = faker.person.sexType();
    const firstName = faker.person.firstName(gender);
    const lastName = faker.person.lastName(gender);
    return {
      customerId,
      ...naming(faker, firstName, lastName),
      country: drawCountry(random),
      city: faker.location.city(),
      age: Math.min(AGE.most, Math.max(AGE.least, Math.round(random.logNormal(AGE.median, AGE.sigma)))),
      gender,
      createdAt,
      lastLoginAt: null,
    };
  };
}

/** A name in its script's order, and an address from it; a name without Latin letters makes none that can be read. */
function naming(faker: Faker, firstName: string, lastName: string): Pick<Person, 'name' | 'email'> {
  const provider = 'example.com';
  if (/^\p{Script=Latin}/u.test(lastName)) {
    return {
      name: `${firstName} ${lastName}`,
      email: faker.internet.email({ firstName, lastName, provider }),
    };
  }
  const words = { firstName: faker.word.adjective(), lastName: faker.word.noun() };
  return { name: `${lastName} ${firstName}`, email: faker.internet.email({ ...words, provider }) };
}

/** People who opened their accounts in the two years before `origin` (epoch ms). */
export function makePeople(
  count: number,
  origin: number,
  random: Random,
  make: ReturnType<typeof createPersonMaker>,
): Person[] {
  return Array.from({ length: count }, (_, index) =>
    make(`c-${String(index + 1).padStart(5, '0')}`, origin - Math.floor(random.next() * 2 * YEAR)),
  );
}
