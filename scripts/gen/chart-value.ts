// What a value of the chart is made of.
import { Type, type TSchema } from 'typebox';

/** One value, or a group of them. */
export interface ChartValue {
  readonly key: string;
  readonly doc: string;
  readonly schema: TSchema;
  readonly value: unknown;
}
export interface ChartGroup {
  readonly key: string;
  readonly doc: string;
  readonly values: readonly ChartEntry[];
}
export type ChartEntry = ChartValue | ChartGroup;

export const text = Type.String();
export const bool = Type.Boolean();
export const seconds = Type.Integer({ minimum: 0, maximum: 3600 });
export const port = Type.Integer({ minimum: 1, maximum: 65535 });
export const anyObject = Type.Object({}, { additionalProperties: true });
export const strings = Type.Record(Type.String(), Type.String());
export const objects = Type.Array(anyObject);
export const names = Type.Array(Type.String({ minLength: 1 }));

export const value = (key: string, initial: unknown, schema: TSchema, doc: string): ChartValue => ({
  key,
  doc,
  schema,
  value: initial,
});
export const group = (key: string, doc: string, ...values: readonly ChartEntry[]): ChartGroup => ({
  key,
  doc,
  values,
});
