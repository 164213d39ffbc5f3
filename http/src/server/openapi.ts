import type { Access } from '../access/caller.ts';

/** What the parts' OpenAPI documents say of keys: the scheme, and for each route whether it asks for one. */
export const accessInOpenApi = {
  components: {
    securitySchemes: {
      bearer: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'a key of `npm run keys`, or a token of the issuer; nothing where the part is open',
      },
    },
  },
  /** For the option `transform` of `@fastify/swagger`: made of the policy that the route is guarded by. */
  transform: <S>({
    schema,
    url,
    route,
  }: {
    schema: S;
    url: string;
    route: { config?: { access?: Access } };
  }): { schema: S; url: string } => {
    const access = route.config?.access;
    if (access === undefined || access === 'open') return { schema, url };
    return { schema: { ...schema, security: [{ bearer: [access] }] }, url };
  },
};
