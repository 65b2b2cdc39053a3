import type { Field } from '../../../engine/field.ts';

/** One value of a Secret, where it stands. */
export interface SecretEntry {
  readonly at: Field;
  readonly key: string;
  /** Whether it stands in `data`, base64-encoded; plain in `stringData`. */
  readonly encoded: boolean;
}

/**
 * The values of a Secret as the API server will store them: `stringData` is merged over `data`, and a
 * review holds `data` alone, so both ways of writing one Secret have the same verdict.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/core/v1/conversion.go `Convert_v1_Secret_To_core_Secret`
 */
export function secretEntries(secret: Field): readonly SecretEntry[] {
  const plain = secret.get('stringData').entries();
  const later = new Set(plain.map(({ key }) => key));
  return [
    ...secret
      .get('data')
      .entries()
      .filter(({ key }) => !later.has(key))
      .map((at) => ({ at, key: String(at.key), encoded: true })),
    ...plain.map((at) => ({ at, key: String(at.key), encoded: false })),
  ];
}

/** The value under one key, as `secretEntries` has it. */
export function secretEntry(secret: Field, key: string): SecretEntry {
  const plain = secret.at('stringData', key);
  return plain.present
    ? { at: plain, key, encoded: false }
    : { at: secret.at('data', key), key, encoded: true };
}

/** The value of an entry as text; of base64, as many characters as `limit` are read. */
export function decoded({ at, encoded }: SecretEntry, limit: number): string {
  const value = (at.text() ?? '').slice(0, limit);
  return encoded ? Buffer.from(value, 'base64').toString('latin1') : value;
}
