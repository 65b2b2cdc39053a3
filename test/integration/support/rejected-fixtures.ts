// Fixtures that a real API server judges otherwise than their files, and why.

/** Refused before any webhook sees them, with a part of the API server's reason. */
export const REJECTED: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'secret-consumer-root',
    'secret-env-from',
    'secret-env-ref',
    'secret-volume-subpath',
    'secret-volume-writable',
  ].map((policy) => [
    `test/policies/${policy}/fail/ephemeral-container.yaml`,
    // They come by the subresource of a Pod that is there.
    'spec.ephemeralContainers: Forbidden: cannot be set on create',
  ]),
);

/** The findings of what the API server makes of them, as paths. */
export const REWRITTEN: Readonly<Record<string, readonly string[]>> = {
  // What is created now was changed now, whatever its managedFields say: overdue shows on UPDATE and in scans.
  'test/policies/secret-rotation-overdue/fail/budget-of-its-type.yaml': [],
  'test/policies/secret-rotation-overdue/fail/half-a-year.yaml': [],
  'test/policies/secret-rotation-overdue/fail/label-changed.yaml': [],
  'test/policies/secret-rotation-overdue/fail/server-side-apply.yaml': [],
  'test/policies/secret-rotation-overdue/fail/two-managers.yaml': [],
};
