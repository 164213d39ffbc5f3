import type { Faker } from '@faker-js/faker';
import type { EventOf } from '@storepulse/contracts';
import type { Random } from '../random/random.ts';
import type { WeightedDraw } from '../random/weighted.ts';

/** A person with an account, as the topic `customers` shows them, less the envelope. */
export type Person = Omit<EventOf<'customer_upserted'>, 'type' | 'eventId' | 'eventTime' | 'shop'>;

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
      name: `${firstName} ${lastName}`,
      email: faker.internet.email({ firstName, lastName, provider: 'example.com' }),
      country: drawCountry(random),
      city: faker.location.city(),
      age: Math.min(90, Math.round(random.logNormal(40, 0.35))),
      gender,
      createdAt,
      lastLoginAt: null,
    };
  };
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
