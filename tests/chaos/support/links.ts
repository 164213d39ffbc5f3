import type { Redirects } from '../../support/redirect.ts';
import { type Link, openLink } from './link.ts';

/** Links to all nodes of a server, which fare alike. */
export interface Links extends Omit<Link, 'port' | 'slowdown'> {
  /** Leads connections to the nodes through the links. */
  readonly redirects: Redirects;
  /** The link to one node, by the node's port. */
  to(port: number): Link;
}

/** Opens a link to each of some ports of this machine. */
export async function openLinks(ports: readonly number[]): Promise<Links> {
  const links = new Map<number, Link>();
  for (const port of ports) links.set(port, await openLink(port));
  const each = (act: (link: Link) => void) => {
    for (const link of links.values()) act(link);
  };
  return {
    redirects: Object.fromEntries([...links].map(([target, { port }]) => [target, port])),
    to: (port) => links.get(port)!,
    delay: (ms) => each((link) => link.delay(ms)),
    cut: (way) => each((link) => link.cut(way)),
    forget: () => each((link) => link.forget()),
    reset: () => each((link) => link.reset()),
    heal: () => each((link) => link.heal()),
    close: async () => {
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}
