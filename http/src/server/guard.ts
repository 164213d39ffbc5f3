import type { FastifyRequest } from 'fastify';
import { type Access, EVERYONE, hasScope, NOBODY } from '../access/caller.ts';
import type { Identity, IdentityFault } from '../access/identify.ts';
import type { Policy } from '../access/policy.ts';
import { HttpError } from '../errors.ts';
import type { RateLimit } from '../rate.ts';
import { audit } from './audit.ts';
import type { App, GuardedRoute } from './types.ts';

/** How often answers that go on are held against the keys that they were begun with, ms. */
const LOOK_AGAIN_MS = 2_000;

const REASONS: Record<IdentityFault, string> = {
  missing: 'send the header "authorization: Bearer <key>"',
  'wrong-key': 'the key of the header "authorization: Bearer <key>" is not known here',
  'wrong-token': 'the token does not fit: its signature, issuer, audience or times',
  expired: 'the key has expired: ask for a new one',
  revoked: 'the key was revoked: ask for a new one',
};

/**
 * Lets a request to a route through when its caller has the scope that the route asks for, and has not sent more than it
 * may; `request.caller` says who it is. A route that does not say who may use it can't be registered. An answer that goes
 * on, such as a stream, is cut off when its key is good no more. Register before routes.
 * @param openUnder the routes of this path, a plugin's own, are open
 */
export function guardRoutes(
  app: App,
  { policy, rate, openUnder }: { policy: Policy; rate: RateLimit | undefined; openUnder?: string },
): void {
  const guarded: GuardedRoute[] = [];
  app.decorate('guarded', guarded);
  app.decorateRequest('caller', null as never);
  app.addHook('onRoute', (route) => {
    if (openUnder !== undefined && route.url.startsWith(openUnder))
      route.config = { ...route.config, access: 'open' };
    const { access } = route.config ?? {};
    if (access !== undefined) {
      for (const method of Array.isArray(route.method) ? [] : [route.method])
        guarded.push({ method, url: route.url, access });
      return;
    }
    throw new Error(
      `the route ${route.method} ${route.url} does not say who may use it: give it config.access, "open" or a scope`,
    );
  });
  const going = policy === 'open' ? undefined : watchAnswers(app, policy.identify);
  app.addHook('onRequest', async (request) => {
    request.caller = policy === 'open' ? EVERYONE : NOBODY;
    if (policy === 'open' || request.is404) return;
    const access = request.routeOptions.config.access as Access;
    const { authorization } = request.headers;
    // An open route may show more to who is known; what it shows to all, it shows whatever the header says.
    if (access === 'open' && authorization === undefined) return;
    const identity = await policy.identify(authorization).catch((error: unknown): Identity => {
      if (access === 'open') return { fault: 'missing' };
      throw error;
    });
    if ('fault' in identity) {
      if (access === 'open') return;
      audit(request, 'denied', { reason: identity.fault, key: identity.keyId });
      throw new HttpError('unauthorized', REASONS[identity.fault]);
    }
    request.caller = identity.caller;
    if (access === 'open') return;
    checkRights(request, access);
    rate?.check(identity.caller.name);
    rate?.spend(identity.caller.name, 1);
    going?.add(request);
  });
  app.addHook('onResponse', async (request, reply) => {
    going?.delete(request);
    const { access } = request.routeOptions.config;
    const isAction = request.method !== 'GET' && request.method !== 'HEAD';
    if (isAction && (access === 'control' || access === 'admin') && reply.statusCode < 400)
      audit(request, 'done', { status: reply.statusCode });
  });
}

function checkRights(request: FastifyRequest, scope: Exclude<Access, 'open'>): void {
  const { caller } = request;
  const { allShops, url = '' } = request.routeOptions.config;
  if (!hasScope(caller, scope)) {
    audit(request, 'denied', { reason: 'scope' });
    const own = [...caller.scopes].join(', ') || 'none';
    throw new HttpError(
      'forbidden',
      `${request.method} ${url} asks for the scope ${scope}, and this key has ${own}`,
    );
  }
  if (allShops && caller.shops !== 'all') {
    audit(request, 'denied', { reason: 'shop' });
    throw new HttpError(
      'forbidden',
      `${request.method} ${url} is about all shops, and this key is bound to some`,
    );
  }
}

/** Ends answers whose callers are known no more. The timer runs while there are answers only. */
function watchAnswers(app: App, identify: (authorization: string | undefined) => Promise<Identity>) {
  const going = new Set<FastifyRequest>();
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    for (const request of [...going]) {
      const identity = await identify(request.headers.authorization).catch(() => undefined);
      // Keys that can't be read now cut nobody off who was known.
      if (identity === undefined || 'caller' in identity || !going.has(request)) continue;
      audit(request, 'denied', { reason: identity.fault, key: identity.keyId, cut: true });
      going.delete(request);
      request.raw.destroy();
    }
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  app.addHook('onClose', async () => stop());
  return {
    add: (request: FastifyRequest) => {
      going.add(request);
      timer ??= setInterval(() => void look(), LOOK_AGAIN_MS).unref();
    },
    delete: (request: FastifyRequest) => {
      going.delete(request);
      if (going.size === 0) stop();
    },
  };
}
