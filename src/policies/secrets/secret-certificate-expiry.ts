import { X509Certificate } from 'node:crypto';
import { Type, type Static } from 'typebox';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { count, quoteKey } from '../../engine/safe-text.ts';
import { SECRET } from '../../kubernetes/resources.ts';
import { decoded, secretEntry } from './shared/data.ts';

const options = Type.Partial(
  Type.Object({
    days: Type.Integer({
      default: 30,
      minimum: 1,
      maximum: 3650,
      description:
        'Days before its end from which a certificate is told. One that lives less than three times as long is told in the last third of its life.',
    }),
  }),
  { additionalProperties: false },
);
type Options = Required<Static<typeof options>>;

const TLS = 'kubernetes.io/tls';
const CERTIFICATE = 'tls.crt';
const DAY = 24 * 60 * 60 * 1000;

/** The leaf stands first; a certificate is a few KiB, and what lies beyond is not read. */
const READ = 64 * 1024;

/** The first certificate of a PEM text, as Go's `tls.X509KeyPair` takes it; other blocks may stand before. */
const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/;

/**
 * Forbidden: a Secret of type `kubernetes.io/tls` whose first certificate has expired, is about to (option
 *            `days`, but never more than a third of its life: cert-manager renews then), or cannot be read.
 * Allowed:   an empty `tls.crt`, with which controllers reserve the name; CA certificates behind the first.
 * The API server asks for both keys but never looks into them.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
 * @see https://cert-manager.io/docs/usage/certificate/#renewal
 */
export const policy = {
  meta: {
    id: 'secret-certificate-expiry',
    title: 'TLS Secret whose certificate ends',
    practice: 'Rotation',
    rationale:
      'An expired certificate stops every client at once, and the hurried repair is where keys get copied around. Whoever writes a certificate that is near its end has no renewal that works.',
    remediation:
      'Let cert-manager issue and renew the certificate, or renew it now and note who does next time. Rotate the key with it (`rotationPolicy: Always`).',
    whenNotToUse:
      'For Secrets that keep old certificates on purpose, such as those of tests. Lower `days` where certificates are renewed by hand later than that.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'warn' },
    appliesTo: { resources: [SECRET], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'TLS Secrets',
        url: 'https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets',
      },
      {
        title: 'cert-manager: renewal',
        url: 'https://cert-manager.io/docs/usage/certificate/#renewal',
      },
    ],
    messages: {
      expired: {
        message: 'the certificate in {key} expired {days} days ago, so clients refuse it',
        fix: 'renew the certificate and its key, best by a cert-manager Certificate with this secretName',
      },
      expiring: {
        message:
          'the certificate in {key} expires in {days} days and should have been renewed by now',
        fix: 'renew the certificate and its key, best by a cert-manager Certificate with this secretName',
      },
      unreadable: {
        message:
          '{key} holds no certificate that can be read, so whatever serves with this Secret fails',
        fix: 'tls.crt: the PEM certificate, base64-encoded once (kubectl create secret tls <name> --cert=<file> --key=<file>)',
      },
    },
  },
  options,

  *check(subject, { days }, { now }): Iterable<Report> {
    if (subject.object.get('type').text() !== TLS) return;
    const entry = secretEntry(subject.object, CERTIFICATE);
    const text = decoded(entry, READ);
    if (text === '') return;
    const { at } = entry;
    const key = quoteKey(at);
    const validity = validityOf(text);
    if (validity === undefined) {
      yield { message: 'unreadable', at, params: { key }, referent: [] };
      return;
    }
    const left = validity.end - now;
    if (left <= 0) {
      const params = { key, days: count(Math.floor(-left / DAY)) };
      yield { message: 'expired', at, params, referent: [] };
    } else if (left < Math.min(days * DAY, (validity.end - validity.start) / 3)) {
      const params = { key, days: count(Math.floor(left / DAY)) };
      yield { message: 'expiring', at, params, referent: [] };
    }
  },
} satisfies PolicyModule<Options>;

/** When the first certificate of a PEM text is valid, in milliseconds since the Unix epoch. */
function validityOf(text: string): { readonly start: number; readonly end: number } | undefined {
  const block = BLOCK.exec(text)?.[0];
  if (block === undefined) return undefined;
  try {
    const { validFromDate, validToDate } = new X509Certificate(block);
    return { start: validFromDate.getTime(), end: validToDate.getTime() };
  } catch {
    return undefined;
  }
}
