// What e2e/run.ts made before the tests.
function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name}: start with npm run test:e2e`);
  return value;
}

export const cluster = needed('HUSHGATE_E2E_CLUSTER');
export const image = needed('HUSHGATE_E2E_IMAGE');
export const token = needed('HUSHGATE_E2E_TOKEN');
/** The one node. */
export const node = `${cluster}-control-plane`;
