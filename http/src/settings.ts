import { type PORTS, SettingsError, setting } from '@storepulse/contracts';
import { type Static, Type } from 'typebox';
import type { Scope } from './access/caller.ts';
import { NAMED_KEYS_PATTERN, type NamedKey } from './access/named-keys.ts';
import { checkPolicy, type PolicySettings } from './access/policy.ts';
import { readTls, type TlsFiles } from './server/tls.ts';

/** A part that serves HTTP. */
export type HttpPart = Exclude<keyof typeof PORTS, 'preview'>;

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/** How a part's server is reached, beside its host and port. */
export function listenerSettingsSchema(part: HttpPart) {
  const prefix = part.toUpperCase();
  return Type.Object({
    alsoHosts: setting(
      `${prefix}_ALSO_HOSTS`,
      Type.String({
        default: '',
        pattern: '^[A-Za-z0-9._:,-]*$',
        description: `names, comma-separated, under which the ${part} is reached while it listens on a loopback address`,
      }),
    ),
    tlsCertFile: setting(
      `${prefix}_TLS_CERT_FILE`,
      text('PEM file of a certificate, with those that signed it: speak TLS; unset: plain HTTP'),
    ),
    tlsKeyFile: setting(`${prefix}_TLS_KEY_FILE`, text('PEM file of the key of that certificate')),
  });
}
/** How a part's server is reached, beside its host and port. */
export type ListenerSettings = Static<ReturnType<typeof listenerSettingsSchema>>;

/** Whose keys and tokens all parts take. */
export const AccessSettingsSchema = Type.Object({
  accessFolder: setting(
    'ACCESS_FOLDER',
    text(
      'folder with the keys that `npm run keys` makes; the exporter, the collector and the simulator read it',
    ),
  ),
  oidcIssuer: setting(
    'OIDC_ISSUER',
    Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'issuer (OpenID Connect) whose bearer tokens are taken',
      }),
    ),
  ),
  oidcAudience: setting('OIDC_AUDIENCE', text('what `aud` of its tokens must be; goes with `OIDC_ISSUER`')),
  oidcJwksUrl: setting(
    'OIDC_JWKS_URL',
    Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'where its public keys are; unset: where its discovery document says',
      }),
    ),
  ),
});
/** Whose keys and tokens all parts take. */
export type AccessSettings = Static<typeof AccessSettingsSchema>;

/** The setting of a part that names keys, `name:key`. All of them have one scope, and see all shops. */
export function namedKeysSetting(part: HttpPart, what: string) {
  return setting(
    `${part.toUpperCase()}_API_KEYS`,
    Type.Optional(
      Type.String({
        pattern: NAMED_KEYS_PATTERN,
        description: `keys that may ${what}, each \`name:key\` with at least 32 characters, separated by commas or lines, beside those of \`ACCESS_FOLDER\``,
      }),
    ),
    { secret: true },
  );
}

/** The setting of how much each key may ask. */
export function requestRateSetting(part: HttpPart, perSecond: number) {
  return setting(
    `${part.toUpperCase()}_REQUESTS_PER_SECOND`,
    Type.Integer({
      default: perSecond,
      minimum: 1,
      maximum: 1_000_000,
      description: 'requests that each key may send per second; without keys there is no such limit',
    }),
  );
}

/**
 * The policy that a part's settings ask for.
 * @param named the setting of the part's own keys, these, and what they are good for
 * @throws {SettingsError} when other machines reach the part and there is no policy, or settings contradict each other
 */
export function policySettings(
  part: HttpPart,
  host: string,
  access: AccessSettings,
  named: { readonly setting: string; readonly keys: readonly NamedKey[]; readonly scope: Scope },
): PolicySettings {
  const settings = { ...access, host, named };
  checkPolicy(part, named.setting, settings);
  return settings;
}

/**
 * The files of a part's certificate; undefined: it speaks plain HTTP.
 * @throws {SettingsError} when one is missing, can't be read, or does not fit the other
 */
export function tlsFiles(
  part: HttpPart,
  { tlsCertFile, tlsKeyFile }: ListenerSettings,
): TlsFiles | undefined {
  if (tlsCertFile === undefined && tlsKeyFile === undefined) return undefined;
  if (tlsCertFile === undefined || tlsKeyFile === undefined) {
    const prefix = `${part.toUpperCase()}_TLS`;
    throw new SettingsError(`${prefix}_CERT_FILE and ${prefix}_KEY_FILE go together: set both, or neither`);
  }
  const files = { certFile: tlsCertFile, keyFile: tlsKeyFile };
  readTls(part, files);
  return files;
}

/** The texts of a comma-separated list. */
export function listOf(list: string): readonly string[] {
  return list.split(',').filter((entry) => entry !== '');
}
