import type { Member } from './members.ts';

/** Stops every member as soon as all that need it have stopped. */
export async function stopInOrder(
  members: readonly Member[],
  stop: (member: Member) => Promise<void>,
): Promise<void> {
  const stopped = new Map<string, Promise<void>>();
  // The last ones first: by then the promises of a member's dependents exist.
  for (const member of [...members].reverse()) {
    const dependents = members
      .filter(({ needs }) => needs.includes(member.name))
      .map(({ name }) => stopped.get(name));
    stopped.set(
      member.name,
      Promise.all(dependents).then(() => stop(member)),
    );
  }
  await Promise.all(stopped.values());
}
