/** What to tell a user whose Node or operating system can't run this; undefined when all is well. */
export function oldNodeMessage(version: string, platform: string): string | undefined;
