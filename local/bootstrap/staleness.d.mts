/** The Node that the dependencies bring. */
export function pinnedNode(root: string): string;
/** True when node_modules holds what package-lock.json asks for. */
export function isInstalled(root: string): boolean;
/** Remembers that node_modules fits the present package-lock.json. */
export function markInstalled(root: string): void;
